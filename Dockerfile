# The API only. It needs the URL of a PostgreSQL in DATABASE_URL. docker-compose.yml runs both.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json prisma.config.ts ./
COPY prisma prisma
COPY clients/typescript/package.json clients/typescript/
COPY packages packages
# The image has Node, so the npm package `node` is removed.
RUN npm ci --ignore-scripts \
 && rm -rf node_modules/node node_modules/.bin/node \
 && npx prisma generate

# Optional packages are the programs of the embedded PostgreSQL. The image does not need them.
FROM packages AS needed
RUN npm prune --omit=dev --omit=optional --ignore-scripts \
 && rm -rf node_modules/node node_modules/.bin/node

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
# One malloc arena for all threads saves 20 MB and costs no speed.
ENV MALLOC_ARENA_MAX=1
WORKDIR /app
COPY --from=needed /app/node_modules node_modules
COPY package.json ./
COPY packages packages
COPY prisma prisma
COPY dictionaries dictionaries
COPY reference reference
COPY registers registers
COPY seeds seeds
COPY src src
COPY --from=packages /app/src/generated src/generated
# Folder of Node's compile cache. The first start writes it, and later starts use it.
RUN mkdir -p node_modules/.cache/casefile && chown node node_modules/.cache/casefile
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--disable-warning=ExperimentalWarning", "--no-parallel-scavenge", "--min-semi-space-size=8", "--max-semi-space-size=8", "--max-old-space-size=512", "src/main.js", "serve"]
