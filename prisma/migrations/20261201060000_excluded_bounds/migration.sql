-- A bound that an amount excludes must be there, as in the other tables of amounts.
ALTER TABLE "figure" ADD CONSTRAINT "figure_value_excluded_bound_check" CHECK (
  ("value_excludes" IS NULL OR "value_excludes" = 'high' OR "value_low" IS NOT NULL)
  AND ("value_excludes" IS NULL OR "value_excludes" = 'low' OR "value_high" IS NOT NULL)
);
ALTER TABLE "figure" ADD CONSTRAINT "figure_quantity_excluded_bound_check" CHECK (
  ("quantity_excludes" IS NULL OR "quantity_excludes" = 'high' OR "quantity_low" IS NOT NULL)
  AND ("quantity_excludes" IS NULL OR "quantity_excludes" = 'low' OR "quantity_high" IS NOT NULL)
);
ALTER TABLE "permit" ADD CONSTRAINT "permit_count_excluded_bound_check" CHECK (
  ("permit_count_excludes" IS NULL OR "permit_count_excludes" = 'high' OR "permit_count_low" IS NOT NULL)
  AND ("permit_count_excludes" IS NULL OR "permit_count_excludes" = 'low' OR "permit_count_high" IS NOT NULL)
);
