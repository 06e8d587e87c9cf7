-- +goose Up

-- Of a proposal that is forgotten (withdrawn, or declined before it was checked) the lines go too: a resident wrote their names.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION project.line_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  l project.budget_line := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'name_en' = to_jsonb(OLD) - 'name_en' THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT FROM project.project p WHERE p.community_id = l.community_id AND p.id = l.project_id
                AND p.state NOT IN ('draft', 'returned') AND NOT (p.state = 'proposed' AND p.history)
                AND NOT (TG_OP = 'DELETE' AND p.state IN ('declined', 'withdrawn') AND p.fund_id IS NULL)) THEN
    RAISE EXCEPTION 'the budget of project % stays as it was checked', l.project_id USING ERRCODE = 'FU002';
  END IF;
  RETURN l;
END $$;
-- +goose StatementEnd

DELETE FROM project.budget_line l USING project.project p
 WHERE p.community_id = l.community_id AND p.id = l.project_id AND p.state IN ('declined', 'withdrawn') AND p.fund_id IS NULL AND p.title_zh = '';

-- 0034 has the same one.
DROP INDEX council.motion_project_ref;
