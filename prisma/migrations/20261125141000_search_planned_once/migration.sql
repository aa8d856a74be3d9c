-- Its statements are long, and which records were touched changes nothing in how they are read. Left to itself PostgreSQL takes one
-- record for much less work than the array of unknown length of a plan that is kept, and plans anew at every write: 6 ms each.
ALTER FUNCTION "refresh_search"(uuid[]) SET plan_cache_mode = force_generic_plan;
