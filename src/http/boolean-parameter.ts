import { z } from 'zod'

/** A query parameter that is `true` or `false`. It arrives as text, and the OpenAPI description declares a boolean. */
export const booleanParameter = () => z.stringbool().meta({ type: 'boolean' })
