-- Planning the look-up of names that are alike took twice as long as running it: with the name at hand PostgreSQL compares it with a
-- sample of all names, letter by letter, to estimate how many are like it. There is but one way to go, whatever the name.
ALTER FUNCTION names_near(text, text[], int) SET plan_cache_mode = 'force_generic_plan';
