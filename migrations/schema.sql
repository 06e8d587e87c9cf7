CREATE SCHEMA auth;

CREATE SCHEMA box;

CREATE SCHEMA budget;

CREATE SCHEMA campaigns;

CREATE SCHEMA council;

CREATE SCHEMA disclosure;

CREATE SCHEMA giver;

CREATE SCHEMA ledger;

CREATE SCHEMA mail;

CREATE SCHEMA mutualaid;

CREATE SCHEMA organisation;

CREATE SCHEMA outbox;

CREATE SCHEMA payment;

CREATE SCHEMA pledge;

CREATE SCHEMA project;

CREATE SCHEMA publication;

CREATE SCHEMA receipt;

CREATE SCHEMA reconcile;

CREATE SCHEMA report;

CREATE SCHEMA round;

CREATE SCHEMA sale;

CREATE SCHEMA schedule;

CREATE SCHEMA search;

CREATE SCHEMA spending;

CREATE SCHEMA statement;

CREATE SCHEMA transparency;

CREATE SCHEMA upload;

CREATE SCHEMA voice;

CREATE SCHEMA webhook;

CREATE TYPE ledger.entry_key AS (
	community_id integer,
	seq bigint
);

CREATE FUNCTION auth.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
BEGIN
  RAISE EXCEPTION 'auth.audit_log is append-only: % refused', TG_OP USING ERRCODE = 'FU901';
END
$$;

CREATE FUNCTION box.guard_count() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF EXISTS (SELECT FROM box.round r WHERE r.community_id = NEW.community_id AND r.box_id = NEW.box_id AND r.round = NEW.round AND r.opened_at IS NOT NULL) THEN
    RAISE EXCEPTION 'box % was opened: what was counted stays', NEW.box_id USING ERRCODE = 'FU002';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.counter <> OLD.counter THEN
    RAISE EXCEPTION 'a count stays with its counter' USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION box.guard_round() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF OLD.opened_at IS NOT NULL AND (to_jsonb(OLD) - 'deposit_id') IS DISTINCT FROM (to_jsonb(NEW) - 'deposit_id') THEN
    RAISE EXCEPTION 'box % was opened: what was counted stays', OLD.box_id USING ERRCODE = 'FU002';
  END IF;
  IF OLD.deposit_id IS NOT NULL AND NEW.deposit_id IS DISTINCT FROM OLD.deposit_id THEN
    RAISE EXCEPTION 'the money of box % was banked already', OLD.box_id USING ERRCODE = 'FU002';
  END IF;
  IF NEW.opened_at IS NOT NULL AND OLD.opened_at IS NULL AND NOT EXISTS (
     SELECT FROM box.count a JOIN box.count b ON b.community_id = a.community_id AND b.box_id = a.box_id AND b.round = a.round AND b.nth = 2
      WHERE a.community_id = NEW.community_id AND a.box_id = NEW.box_id AND a.round = NEW.round AND a.nth = 1
        AND b.counter <> a.counter AND b.total = NEW.amount AND b.total - a.total = NEW.difference) THEN
    RAISE EXCEPTION 'box % needs two counters', NEW.box_id USING ERRCODE = 'FU020';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION campaigns.book_donations(community integer, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[], reversed bigint[], commitments bytea[], entry_of integer[], accounts integer[], funds integer[], amounts numeric[], ids uuid[], refs text[], paid timestamp with time zone[], given numeric[], tokens text[], codes text[], letters boolean[]) RETURNS TABLE(entry_seq bigint, year integer, number integer, issued_at timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
  seqs bigint[];
BEGIN
  seqs := array(SELECT p.seq FROM ledger.post_entries(community, dates, kinds, sources, memos, details, posters,
                                                      reversed, commitments, entry_of, accounts, funds, amounts) p ORDER BY p.ord);
  WITH booked AS (
    UPDATE campaigns.donation d SET state = 'paid', provider_ref = u.ref, entry_seq = u.seq, paid_at = u.at
      FROM unnest(ids, refs, seqs, paid) AS u (id, ref, seq, at)
     WHERE d.community_id = community AND d.id = u.id RETURNING d.campaign_id, d.amount)
  UPDATE campaigns.tally t SET raised = t.raised + b.raised, gifts = t.gifts + b.gifts
    FROM (SELECT campaign_id, sum(amount) AS raised, count(*) AS gifts FROM booked GROUP BY campaign_id) b
   WHERE t.community_id = community AND t.campaign_id = b.campaign_id;

  INSERT INTO outbox.message (community_id, id, kind, payload, not_before, done_at)
  SELECT community, u.id, 'donation_received', jsonb_build_object('donation', u.id, 'letter', u.letter), now(), CASE WHEN NOT u.letter THEN now() END
    FROM unnest(ids, letters) AS u (id, letter);

  RETURN QUERY
  SELECT seqs[r.ord], r.year, r.number, r.issued_at
    FROM receipt.issue_receipts(community, 'donation', ids, seqs, given, dates, tokens, codes) r ORDER BY r.ord;
END $$;

CREATE FUNCTION campaigns.campaign_law() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  known record;
  was_public boolean := TG_OP = 'UPDATE' AND OLD.state = 'published' AND OLD.basis = 'public';
BEGIN
  IF was_public AND NEW.state = 'published' AND NEW.basis <> 'public' THEN
    RAISE EXCEPTION 'campaign % was published as a public appeal and stays one', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_stays_public';
  END IF;
  IF NEW.state <> 'published' OR NEW.basis <> 'public' THEN
    RETURN NEW;
  END IF;
  IF was_public AND NEW.filing_number = OLD.filing_number AND
     (NEW.starts_on, NEW.ends_on, NEW.goal, NEW.purpose_zh, NEW.kind, NEW.fund_id, NEW.host_id, NEW.filed_from, NEW.filed_until)
       IS DISTINCT FROM
     (OLD.starts_on, OLD.ends_on, OLD.goal, OLD.purpose_zh, OLD.kind, OLD.fund_id, OLD.host_id, OLD.filed_from, OLD.filed_until) THEN
    RAISE EXCEPTION 'campaign % was filed with other facts', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_refiled';
  END IF;
  IF was_public AND
     (NEW.starts_on, NEW.ends_on, NEW.host_id, NEW.certificate, NEW.filing_number, NEW.filed_on, NEW.filed_from, NEW.filed_until)
       IS NOT DISTINCT FROM
     (OLD.starts_on, OLD.ends_on, OLD.host_id, OLD.certificate, OLD.filing_number, OLD.filed_on, OLD.filed_from, OLD.filed_until) THEN
    RETURN NEW; -- nothing of the law: its texts and pictures may be mended
  END IF;
  SELECT h.certificate, h.certificate_from, h.certificate_until INTO known
    FROM campaigns.host h WHERE h.community_id = NEW.community_id AND h.id = NEW.host_id;
  IF known.certificate IS NULL OR known.certificate = '' OR known.certificate <> NEW.certificate THEN
    RAISE EXCEPTION 'campaign % names no certificate of its host', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_certificate';
  END IF;
  IF (known.certificate_from <= NEW.starts_on AND known.certificate_until >= NEW.ends_on) IS NOT TRUE THEN
    RAISE EXCEPTION 'the certificate of campaign % is not valid on all of its days', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_certificate_dates';
  END IF;
  IF campaigns.is_filing_number(NEW.filing_number) IS NOT TRUE THEN
    RAISE EXCEPTION 'campaign % has no filing number of the usual form', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_filing_form';
  END IF;
  IF (NEW.filed_from <= NEW.starts_on AND NEW.filed_until >= NEW.ends_on) IS NOT TRUE THEN
    RAISE EXCEPTION 'campaign % is not within the days of its filing', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_within_filed';
  END IF;
  IF (NEW.filed_on + 10 <= (NEW.published_at AT TIME ZONE (
       SELECT c.timezone FROM ledger.community c WHERE c.id = NEW.community_id))::date) IS NOT TRUE THEN
    RAISE EXCEPTION 'campaign % was filed less than ten days ago', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'campaign_ten_days';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION campaigns.is_filing_number(number text) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
  SELECT length(number) BETWEEN 6 AND 40 AND number ~ '^[0-9A-Za-z一-龥〔〕（）()\[\]第号 -]+$' AND length(regexp_replace(number, '[^0-9]', '', 'g')) >= 4
$_$;

CREATE FUNCTION campaigns.log_paper(community integer, entry bigint, kind text, file uuid, of_media text, of_digest bytea, who text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  p campaigns.paper;
BEGIN
  PERFORM FROM ledger.book b WHERE b.community_id = community FOR UPDATE; -- gapless, in commit order
  SELECT coalesce(max(x.number), 0) + 1 INTO p.number FROM campaigns.paper x WHERE x.community_id = community;
  p.community_id := community; p.entry_seq := entry; p.what := kind; p.file_id := file; p.media := of_media;
  p.digest := of_digest; p.added_by := who; p.added_at := clock_timestamp();
  INSERT INTO campaigns.paper SELECT p.*;
  INSERT INTO transparency.paper_leaf (community_id, leaf_index, hash)
  SELECT community, p.number - 1, sha256(decode('00', 'hex') || campaigns.paper_record(p, c.slug)) FROM ledger.community c WHERE c.id = community;
  RETURN p.number;
END $$;

CREATE FUNCTION campaigns.match_made() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
  UPDATE campaigns.pool p SET matched = p.matched + m.moved
    FROM (SELECT n.community_id, n.pool_id, sum(n.amount - n.taken_back) AS moved FROM new_matches n GROUP BY 1, 2) m
   WHERE p.community_id = m.community_id AND p.id = m.pool_id;
  UPDATE campaigns.tally t SET matched = t.matched + m.moved
    FROM (SELECT d.community_id, d.campaign_id, sum(n.amount - n.taken_back) AS moved
            FROM new_matches n JOIN campaigns.donation d ON d.community_id = n.community_id AND d.id = n.donation_id GROUP BY 1, 2) m
   WHERE t.community_id = m.community_id AND t.campaign_id = m.campaign_id;
  RETURN NULL;
END $$;

CREATE FUNCTION campaigns.match_taken_back() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
  IF EXISTS (SELECT FROM old_matches o FULL JOIN new_matches n USING (community_id, donation_id, pool_id)
              WHERE (o.amount, o.entry_seq) IS DISTINCT FROM (n.amount, n.entry_seq) OR n.taken_back < o.taken_back) THEN
    RAISE EXCEPTION 'a match stays as it was made; it can only be taken back' USING ERRCODE = 'FU002';
  END IF;
  UPDATE campaigns.pool p SET matched = p.matched - m.moved
    FROM (SELECT n.community_id, n.pool_id, sum(n.taken_back - o.taken_back) AS moved
            FROM old_matches o JOIN new_matches n USING (community_id, donation_id, pool_id) GROUP BY 1, 2
          HAVING sum(n.taken_back - o.taken_back) <> 0) m
   WHERE p.community_id = m.community_id AND p.id = m.pool_id;
  UPDATE campaigns.tally t SET matched = t.matched - m.moved
    FROM (SELECT d.community_id, d.campaign_id, sum(n.taken_back - o.taken_back) AS moved
            FROM old_matches o JOIN new_matches n USING (community_id, donation_id, pool_id)
            JOIN campaigns.donation d ON d.community_id = n.community_id AND d.id = n.donation_id
           GROUP BY 1, 2 HAVING sum(n.taken_back - o.taken_back) <> 0) m
   WHERE t.community_id = m.community_id AND t.campaign_id = m.campaign_id;
  RETURN NULL;
END $$;

CREATE FUNCTION campaigns.offer_matches(community integer, donations uuid[], paid timestamp with time zone[]) RETURNS TABLE(donation_id uuid, pool_id integer, fund_id integer, giver text, amount numeric)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
  PERFORM FROM campaigns.pool p
    WHERE p.community_id = community AND p.closed_at IS NULL AND (p.campaign_id IS NULL OR p.campaign_id IN (
          SELECT d.campaign_id FROM campaigns.donation d WHERE d.community_id = community AND d.id = ANY (donations)))
    ORDER BY p.id FOR UPDATE;
  RETURN QUERY -- a statement of its own: it sees what the one before has waited for
  WITH given AS (
    SELECT u.ord, d.id, d.campaign_id, d.amount, (u.at AT TIME ZONE c.timezone)::date AS day,
           coalesce(lower(nullif(n.email, '')), d.donor_id::text, d.id::text) AS who
      FROM unnest(donations, paid) WITH ORDINALITY AS u (id, at, ord)
      JOIN campaigns.donation d ON d.community_id = community AND d.id = u.id
      JOIN ledger.community c ON c.id = d.community_id
      LEFT JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
  ), wanted AS (
    SELECT p.id AS pool, p.fund_id, p.donor_max, p.laid - p.matched - p.settled AS rest, g.ord, g.id,
           encode(sha256(convert_to(community || ':' || p.id || ':' || g.who, 'UTF8')), 'hex') AS giver, trunc(g.amount * p.rate / 100, 2) AS want
      FROM given g JOIN campaigns.pool p
        ON p.community_id = community AND p.closed_at IS NULL AND (p.campaign_id IS NULL OR p.campaign_id = g.campaign_id)
       AND g.day BETWEEN p.starts_on AND p.ends_on
      JOIN ledger.fund f ON f.community_id = community AND f.id = p.fund_id AND f.closed_at IS NULL
  ), capped AS (
    SELECT w.*, CASE WHEN w.donor_max IS NULL THEN w.want ELSE
                least(sum(w.want) OVER mine, h.free) - least(sum(w.want) OVER mine - w.want, h.free) END AS may
      FROM wanted w
      LEFT JOIN LATERAL (SELECT greatest(w.donor_max - coalesce(sum(m.amount - m.taken_back), 0), 0) AS free FROM campaigns.match m
                          WHERE m.community_id = community AND m.pool_id = w.pool AND m.giver = w.giver) h ON w.donor_max IS NOT NULL
    WINDOW mine AS (PARTITION BY w.pool, w.giver ORDER BY w.ord)
  ), met AS (
    SELECT c.*, least(sum(c.may) OVER them, c.rest) - least(sum(c.may) OVER them - c.may, c.rest) AS adds
      FROM capped c WINDOW them AS (PARTITION BY c.pool ORDER BY c.ord)
  )
  SELECT m.id, m.pool, m.fund_id, m.giver, m.adds FROM met m WHERE m.adds > 0 ORDER BY m.ord, m.pool;
END $$;

CREATE TABLE campaigns.paper (
    community_id integer NOT NULL,
    number bigint NOT NULL,
    entry_seq bigint NOT NULL,
    what text NOT NULL,
    file_id uuid NOT NULL,
    media text NOT NULL,
    digest bytea NOT NULL,
    added_by text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT paper_added_by_form CHECK ((added_by ~ '^[!-~]+$'::text)),
    CONSTRAINT paper_digest_form CHECK ((length(digest) = 32)),
    CONSTRAINT paper_media_known CHECK ((media = ANY (ARRAY['image/jpeg'::text, 'application/pdf'::text]))),
    CONSTRAINT paper_number_positive CHECK ((number > 0)),
    CONSTRAINT paper_what_known CHECK ((what = ANY (ARRAY['original'::text, 'public'::text, 'withdrawn'::text])))
);

COMMENT ON COLUMN campaigns.paper.what IS 'original: kept for the staff; public: shown, names covered; withdrawn: one of these was taken away';

CREATE FUNCTION campaigns.paper_record(p campaigns.paper, slug text) RETURNS bytea
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT convert_to('fund paper v1' || E'\n' || slug || E'\n' || p.number || E'\n' || p.entry_seq || E'\n' || p.what || E'\n' || p.file_id || E'\n' || p.media || E'\n' ||
    encode(p.digest, 'hex') || E'\n' || p.added_by || E'\n' || to_char(p.added_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\n', 'UTF8')
$$;

CREATE FUNCTION campaigns.waiting_donations(community integer, ids uuid[]) RETURNS TABLE(id uuid, state text, amount numeric, currency character, method text, payee text, provider_ref text, commitment bytea, entered_by text, campaign_id integer, fund_id integer, fund_closed boolean, kind text, email text, line integer, pooled boolean)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
  pools int[] := array(SELECT coalesce(p.campaign_id, 0) FROM campaigns.pool p WHERE p.community_id = community AND p.closed_at IS NULL);
BEGIN
  RETURN QUERY
  SELECT d.id, d.state, d.amount, d.currency, d.method, d.payee, d.provider_ref, d.commitment, d.entered_by, d.campaign_id,
         c.fund_id, f.closed_at IS NOT NULL, c.kind, nullif(n.email, ''), d.line, 0 = ANY (pools) OR d.campaign_id = ANY (pools)
    FROM campaigns.donation d
    JOIN campaigns.campaign c ON c.community_id = d.community_id AND c.id = d.campaign_id
    JOIN ledger.fund f ON f.community_id = c.community_id AND f.id = c.fund_id
    LEFT JOIN campaigns.donor n ON n.community_id = d.community_id AND n.id = d.donor_id
   WHERE d.community_id = community AND d.id = ANY (ids) ORDER BY d.id FOR UPDATE OF d;
END $$;

CREATE FUNCTION council.ballot_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  b council.ballot := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
  IF NOT council.is_secret(council.voting(b.community_id, b.motion_id)) THEN
    PERFORM council.refuse('vote_by_rule', 'the vote is an open one');
  END IF;
  RETURN b;
END $$;

CREATE FUNCTION council.call_roll() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO council.roll (community_id, motion_id, council_id, member)
  SELECT m.community_id, NEW.id, m.council_id, m.number FROM council.member m
   WHERE m.community_id = NEW.community_id AND m.council_id = NEW.council_id AND NEW.opened_on BETWEEN m.from_on AND m.until_on ORDER BY m.number;
  IF NOT FOUND THEN
    PERFORM council.refuse('motion_has_voters', 'nobody sits in the council on that day');
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION council.cast_vote(community integer, of_motion uuid, of_member integer, on_day date, chosen text, voters_code bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  m      council.motion := council.voting(community, of_motion);
  secret boolean := council.is_secret(m);
  before text;
  mixed  council.ballot[];
BEGIN
  SELECT coalesce(r.way, '') INTO before FROM council.roll r WHERE r.community_id = community AND r.motion_id = of_motion AND r.member = of_member FOR UPDATE;
  IF before IS NULL THEN
    PERFORM council.refuse('vote_by_member', 'only members vote');
  END IF;
  UPDATE council.roll r SET way = 'online', voted_on = on_day, choice = CASE WHEN NOT secret THEN chosen END
   WHERE r.community_id = community AND r.motion_id = of_motion AND r.member = of_member;
  IF NOT secret THEN
    RETURN;
  END IF;
  IF before = '' THEN
    INSERT INTO council.ballot VALUES (community, of_motion, voters_code, chosen);
  ELSE
    UPDATE council.ballot b SET choice = chosen WHERE b.community_id = community AND b.motion_id = of_motion AND b.code = voters_code;
    IF NOT FOUND THEN
      PERFORM council.refuse('vote_code', 'no ballot has that code');
    END IF;
  END IF;
  SELECT array_agg(b ORDER BY random()) INTO mixed FROM council.ballot b WHERE b.community_id = community AND b.motion_id = of_motion;
  DELETE FROM council.ballot b WHERE b.community_id = community AND b.motion_id = of_motion;
  INSERT INTO council.ballot SELECT (unnest(mixed)).*;
END $$;

CREATE FUNCTION council.council_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM council.council p WHERE p.community_id = NEW.community_id AND p.id = NEW.parent_id
       AND array_position('{compound,group,community}'::text[], p.level) > array_position('{compound,group,community}'::text[], NEW.level)) THEN
    PERFORM council.refuse('council_parent_above', 'a council''s parent is of a higher level');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION council.count_votes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  m     council.motion := council.voting(NEW.community_id, NEW.motion_id);
  r     council.rule;
  p     council.paper_count;
  today date;
  missing int;
  sheets  int;
  valid   int;
BEGIN
  SELECT * INTO r FROM council.rule x WHERE x.community_id = m.community_id AND x.council_id = m.council_id AND x.n = m.rule_n;
  SELECT (NEW.closed_at AT TIME ZONE c.timezone)::date INTO today FROM ledger.community c WHERE c.id = m.community_id;
  SELECT count(*), count(*) FILTER (WHERE x.conflict <> ''), count(*) FILTER (WHERE x.way = 'online'), count(*) FILTER (WHERE x.way = 'paper'),
         count(*) FILTER (WHERE x.way IS NULL AND x.conflict = '')
    INTO NEW.members, NEW.conflicted, NEW.online, sheets, missing
    FROM council.roll x WHERE x.community_id = m.community_id AND x.motion_id = m.id;
  IF missing > 0 AND today < m.until THEN
    PERFORM council.refuse('vote_not_over', 'not everybody has voted, and the vote is not over');
  END IF;
  SELECT * INTO p FROM council.paper_count x WHERE x.community_id = m.community_id AND x.motion_id = m.id AND x.agreed;
  IF sheets > 0 AND p IS NULL THEN
    PERFORM council.refuse('paper_to_be_counted', 'two people have to count the sheets and agree');
  END IF;
  SELECT count(*) FILTER (WHERE x.choice = 'for'), count(*) FILTER (WHERE x.choice = 'against'), count(*) FILTER (WHERE x.choice = 'abstain')
    INTO NEW.in_favour, NEW.against, NEW.abstained
    FROM (SELECT b.choice FROM council.ballot b WHERE b.community_id = m.community_id AND b.motion_id = m.id
          UNION ALL SELECT b.choice FROM council.roll b WHERE b.community_id = m.community_id AND b.motion_id = m.id AND b.choice IS NOT NULL) x;
  IF NEW.in_favour + NEW.against + NEW.abstained <> NEW.online THEN
    PERFORM council.refuse('ballots_as_voters', 'there are not as many ballots as voters');
  END IF;
  NEW.in_favour := NEW.in_favour + coalesce(p.in_favour, 0);
  NEW.against   := NEW.against + coalesce(p.against, 0);
  NEW.abstained := NEW.abstained + coalesce(p.abstained, 0);
  NEW.spoilt    := coalesce(p.spoilt, 0);
  valid         := NEW.in_favour + NEW.against + NEW.abstained;
  NEW.paper     := valid + NEW.spoilt - NEW.online;
  NEW.present   := valid + NEW.spoilt;
  NEW.counted_of := NEW.members - CASE WHEN r.conflicted_count THEN 0 ELSE NEW.conflicted END;
  NEW.needed    := greatest(1, ceil(NEW.counted_of::numeric * r.quorum_num / r.quorum_den));
  NEW.to_pass   := greatest(1, CASE WHEN r.majority_over THEN floor(valid::numeric * r.majority_num / r.majority_den) + 1
                                    ELSE ceil(valid::numeric * r.majority_num / r.majority_den) END);
  NEW.outcome   := CASE WHEN NEW.present < NEW.needed THEN 'no_quorum' WHEN NEW.in_favour >= NEW.to_pass THEN 'passed' ELSE 'failed' END;
  RETURN NEW;
END $$;

CREATE FUNCTION council.freeze_result() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  UPDATE council.motion SET state = NEW.outcome, moved_by = NEW.closed_by, moved_at = NEW.closed_at WHERE community_id = NEW.community_id AND id = NEW.motion_id;
  RETURN NULL;
END $$;

CREATE TABLE council.motion (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    council_id integer NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL,
    title_zh text NOT NULL,
    title_en text DEFAULT ''::text NOT NULL,
    text_zh text DEFAULT ''::text NOT NULL,
    text_en text DEFAULT ''::text NOT NULL,
    amount numeric(18,2),
    from_fund integer,
    to_fund integer,
    project_id integer,
    state text DEFAULT 'draft'::text NOT NULL,
    proposed_by integer NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    rule_n integer,
    opened_on date,
    until date,
    moved_by text NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    escalates uuid,
    CONSTRAINT motion_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT motion_kind_known CHECK ((kind = ANY (ARRAY['budget_line'::text, 'transfer'::text, 'resolution'::text]))),
    CONSTRAINT motion_line_is_of_a_project CHECK (
CASE kind
    WHEN 'budget_line'::text THEN (project_id IS NOT NULL)
    WHEN 'transfer'::text THEN (project_id IS NULL)
    ELSE true
END),
    CONSTRAINT motion_moved_by_somebody CHECK ((moved_by <> ''::text)),
    CONSTRAINT motion_moved_with_a_reason CHECK (((state <> ALL (ARRAY['withdrawn'::text, 'escalated'::text])) OR (why <> ''::text))),
    CONSTRAINT motion_number_positive CHECK ((number > 0)),
    CONSTRAINT motion_opened_whole CHECK (((num_nulls(rule_n, opened_on, until) = ANY (ARRAY[0, 3])) AND (until >= opened_on))),
    CONSTRAINT motion_says_what_money CHECK (
CASE
    WHEN (kind = 'resolution'::text) THEN (num_nonnulls(amount, from_fund, to_fund) = 0)
    ELSE ((num_nulls(amount, from_fund, to_fund) = 0) AND (from_fund <> to_fund))
END),
    CONSTRAINT motion_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'open'::text, 'passed'::text, 'failed'::text, 'no_quorum'::text, 'withdrawn'::text, 'escalated'::text]))),
    CONSTRAINT motion_text_en_form CHECK ((length(text_en) <= 6000)),
    CONSTRAINT motion_text_form CHECK ((length(text_zh) <= 4000)),
    CONSTRAINT motion_title_en_form CHECK ((length(title_en) <= 120)),
    CONSTRAINT motion_title_form CHECK (((length(title_zh) >= 1) AND (length(title_zh) <= 80))),
    CONSTRAINT motion_voted_after_opening CHECK (((state = ANY (ARRAY['draft'::text, 'withdrawn'::text])) OR (rule_n IS NOT NULL))),
    CONSTRAINT motion_why_form CHECK ((length(why) <= 200))
);

CREATE FUNCTION council.is_secret(m council.motion) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT r.secret FROM council.rule r WHERE r.community_id = m.community_id AND r.council_id = m.council_id AND r.n = m.rule_n
$$;

CREATE FUNCTION council.member_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('council ' || NEW.community_id || ' ' || NEW.council_id, 0));
  IF EXISTS (SELECT FROM council.member m WHERE m.community_id = NEW.community_id AND m.council_id = NEW.council_id AND m.number <> NEW.number
                AND m.from_on <= NEW.until_on AND NEW.from_on <= m.until_on
                AND (m.user_subject = NEW.user_subject AND m.user_subject <> '' OR m.office = NEW.office AND m.office <> '')) THEN
    PERFORM council.refuse('member_one_seat', 'the log-in has a seat already, or the office a holder');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION council.motion_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.kind = 'budget_line' AND NOT EXISTS (
    SELECT FROM project.project p WHERE p.community_id = NEW.community_id AND p.id = NEW.project_id AND p.fund_id = NEW.to_fund) THEN
    PERFORM council.refuse('motion_line_fund', 'a budget line''s money goes to its project''s fund');
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      PERFORM council.refuse('motion_state', 'a motion begins as a draft');
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.council_id, NEW.year, NEW.number, NEW.proposed_by, NEW.proposed_at, NEW.escalates) IS DISTINCT FROM
     (OLD.council_id, OLD.year, OLD.number, OLD.proposed_by, OLD.proposed_at, OLD.escalates)
     OR OLD.state <> 'draft' AND (NEW.kind, NEW.title_zh, NEW.title_en, NEW.text_zh, NEW.text_en, NEW.amount, NEW.from_fund, NEW.to_fund, NEW.project_id, NEW.rule_n, NEW.opened_on, NEW.until)
       IS DISTINCT FROM (OLD.kind, OLD.title_zh, OLD.title_en, OLD.text_zh, OLD.text_en, OLD.amount, OLD.from_fund, OLD.to_fund, OLD.project_id, OLD.rule_n, OLD.opened_on, OLD.until) THEN
    RAISE EXCEPTION 'motion %-% stays as it was opened', OLD.year, OLD.number USING ERRCODE = 'FU002';
  END IF;
  IF OLD.state = NEW.state THEN
    RETURN NEW;
  END IF;
  IF OLD.state = 'draft' AND NEW.state = 'open' AND NEW.rule_n = (
       SELECT max(r.n) FROM council.rule r WHERE r.community_id = NEW.community_id AND r.council_id = NEW.council_id)
     OR OLD.state IN ('draft', 'open') AND NEW.state = 'withdrawn'
     OR OLD.state = 'open' AND EXISTS (SELECT FROM council.result r WHERE r.community_id = NEW.community_id AND r.motion_id = NEW.id AND r.outcome = NEW.state)
     OR OLD.state IN ('passed', 'failed', 'no_quorum') AND NEW.state = 'escalated'
        AND NOT EXISTS (SELECT FROM council.use u WHERE u.community_id = NEW.community_id AND u.motion_id = NEW.id) THEN
    RETURN NEW;
  END IF;
  PERFORM council.refuse('motion_state', format('a motion that is %s does not become %s', OLD.state, NEW.state));
END $$;

CREATE FUNCTION council.moved_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM council.use u WHERE u.community_id = NEW.community_id AND u.entry_seq = NEW.entry_seq) THEN
    PERFORM council.refuse('transfer_is_voted', 'this money moves by a motion that passed');
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION council.paper_count_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  m      council.motion := council.voting(NEW.community_id, NEW.motion_id);
  first  council.paper_count;
  latest int;
  sheets int;
BEGIN
  SELECT count(*) INTO sheets FROM council.roll r WHERE r.community_id = m.community_id AND r.motion_id = m.id AND r.way = 'paper';
  IF NEW.in_favour + NEW.against + NEW.abstained + NEW.spoilt > sheets THEN
    PERFORM council.refuse('paper_more_than_sheets', 'more sheets than people who took one');
  END IF;
  IF EXISTS (SELECT FROM council.paper_count p WHERE p.community_id = m.community_id AND p.motion_id = m.id AND p.agreed) THEN
    PERFORM council.refuse('paper_is_counted', 'two people have agreed on the count');
  END IF;
  SELECT max(p.round) INTO latest FROM council.paper_count p WHERE p.community_id = m.community_id AND p.motion_id = m.id;
  SELECT * INTO first FROM council.paper_count p WHERE p.community_id = m.community_id AND p.motion_id = m.id AND p.round = latest
     AND NOT EXISTS (SELECT FROM council.paper_count q WHERE q.community_id = p.community_id AND q.motion_id = p.motion_id AND q.round = p.round AND q.agreed IS NOT NULL);
  IF first IS NULL THEN
    NEW.round := coalesce(latest, 0) + 1;
    NEW.agreed := NULL;
  ELSIF first.counted_by = NEW.counted_by THEN
    PERFORM council.refuse('paper_count_two_people', 'the second count is somebody else''s');
  ELSE
    NEW.round := latest;
    NEW.agreed := (NEW.in_favour, NEW.against, NEW.abstained, NEW.spoilt) = (first.in_favour, first.against, first.abstained, first.spoilt);
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION council.refuse(rule text, says text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '%', says USING ERRCODE = '23514', CONSTRAINT = rule;
END $$;

CREATE FUNCTION council.reversal_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  m council.motion;
BEGIN
  SELECT x.* INTO m FROM council.use u JOIN council.motion x ON x.community_id = u.community_id AND x.id = u.motion_id
   WHERE u.community_id = NEW.community_id AND u.entry_seq = NEW.reverses_seq FOR UPDATE OF x;
  IF FOUND THEN
    PERFORM council.within_vote(m);
  ELSIF EXISTS (SELECT FROM ledger.journal_entry r JOIN council.use u ON u.community_id = r.community_id AND u.entry_seq = r.reverses_seq
                 WHERE r.community_id = NEW.community_id AND r.seq = NEW.reverses_seq) THEN
    PERFORM council.refuse('use_not_revived', 'what a motion''s entry moved is moved again by a new entry, not by undoing its reversal');
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION council.roll_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  m council.motion := council.voting(NEW.community_id, NEW.motion_id);
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.motion_id, NEW.council_id, NEW.member) IS DISTINCT FROM (OLD.motion_id, OLD.council_id, OLD.member)
     OR NEW.council_id <> m.council_id THEN
    PERFORM council.refuse('vote_by_member', 'the roll is of the council''s members');
  END IF;
  IF NOT EXISTS (SELECT FROM council.member x WHERE x.community_id = NEW.community_id AND x.council_id = NEW.council_id AND x.number = NEW.member
                    AND coalesce(NEW.voted_on, m.opened_on) BETWEEN x.from_on AND x.until_on) THEN
    PERFORM council.refuse('vote_in_term', 'a member votes in term');
  END IF;
  IF NEW.voted_on NOT BETWEEN m.opened_on AND m.until THEN
    PERFORM council.refuse('vote_is_open', 'votes are given on the days of the vote');
  END IF;
  IF NEW.way = 'online' AND (NEW.choice IS NULL) <> council.is_secret(m) THEN
    PERFORM council.refuse('vote_by_rule', 'an open vote says how, a secret one does not');
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.way IS NOT NULL AND (NEW.way IS DISTINCT FROM OLD.way AND (OLD.way = 'online' OR NEW.way IS NOT NULL) OR NEW.conflict <> OLD.conflict) THEN
    PERFORM council.refuse('vote_once', 'the member has voted');
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.way IS DISTINCT FROM OLD.way AND 'paper' IN (NEW.way, OLD.way)
     AND EXISTS (SELECT FROM council.paper_count p WHERE p.community_id = NEW.community_id AND p.motion_id = NEW.motion_id) THEN
    PERFORM council.refuse('paper_is_counted', 'the sheets are being counted');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION council.signature_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM council.member m WHERE m.community_id = NEW.community_id AND m.council_id = NEW.council_id AND m.number = NEW.member AND m.user_subject = NEW.signed_by) THEN
    PERFORM council.refuse('signature_own', 'everybody signs with their own log-in');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION council.transfer_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF EXISTS (SELECT FROM council.use u WHERE u.community_id = NEW.community_id AND u.entry_seq = NEW.seq) THEN
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT FROM ledger.posting p JOIN ledger.fund f ON f.community_id = p.community_id AND f.id = p.fund_id
               JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
              WHERE p.community_id = NEW.community_id AND p.seq = NEW.seq AND f.restricted AND a.type = 'net_assets' AND p.amount > 0)
     AND EXISTS (SELECT FROM council.council c WHERE c.community_id = NEW.community_id AND c.founded_on <= NEW.entry_date) THEN
    PERFORM council.refuse('transfer_is_voted', 'this money moves by a motion that passed');
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION council.use_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  m    council.motion;
  away numeric;
  here numeric;
  else_moved boolean;
BEGIN
  SELECT * INTO m FROM council.motion x WHERE x.community_id = NEW.community_id AND x.id = NEW.motion_id FOR UPDATE;
  IF m.state IS DISTINCT FROM 'passed' OR m.kind = 'resolution' THEN
    PERFORM council.refuse('use_of_passed_motion', 'only a motion that passed, about money, unlocks it');
  END IF;
  SELECT coalesce(sum(p.amount) FILTER (WHERE p.fund_id = m.from_fund AND a.type = 'net_assets'), 0),
         coalesce(-sum(p.amount) FILTER (WHERE p.fund_id = m.to_fund AND a.type = 'net_assets'), 0),
         bool_or(p.fund_id NOT IN (m.from_fund, m.to_fund) OR a.purpose = 'between_funds' OR a.type IN ('income', 'expense'))
    INTO away, here, else_moved
    FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
   WHERE p.community_id = NEW.community_id AND p.seq = NEW.entry_seq;
  IF away <> NEW.amount OR here <> NEW.amount OR else_moved THEN
    PERFORM council.refuse('use_as_posted', 'the entry does not move that much between the motion''s funds, and nothing else');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION council.use_sum() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  m council.motion;
BEGIN
  SELECT * INTO m FROM council.motion x WHERE x.community_id = NEW.community_id AND x.id = NEW.motion_id;
  PERFORM council.within_vote(m);
  RETURN NULL;
END $$;

CREATE FUNCTION council.used(community integer, of_motion uuid) RETURNS numeric
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT coalesce(sum(u.amount), 0.00) FROM council.use u
   WHERE u.community_id = community AND u.motion_id = of_motion
     AND NOT EXISTS (SELECT FROM ledger.journal_entry r WHERE r.community_id = u.community_id AND r.reverses_seq = u.entry_seq)
$$;

CREATE FUNCTION council.voted_fund_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  f record;
BEGIN
  IF NOT EXISTS (SELECT FROM (SELECT DISTINCT n.community_id, n.fund_id FROM new_postings n) n
                   JOIN council.motion m ON m.community_id = n.community_id AND m.to_fund = n.fund_id AND m.kind = 'budget_line') THEN
    RETURN NULL; -- most entries
  END IF;
  FOR f IN
    SELECT d.community_id, d.fund_id, d.between_id, d.delta, d.lent, x.code, b.net_assets
      FROM (SELECT n.community_id, n.fund_id, coalesce(sum(n.amount) FILTER (WHERE a.type IN ('asset', 'liability')), 0) AS delta,
                   coalesce(sum(n.amount) FILTER (WHERE a.purpose = 'between_funds'), 0) AS lent, min(a.id) FILTER (WHERE a.purpose = 'between_funds') AS between_id
              FROM new_postings n JOIN ledger.account a ON a.community_id = n.community_id AND a.id = n.account_id GROUP BY 1, 2) d
      JOIN ledger.fund x ON x.community_id = d.community_id AND x.id = d.fund_id AND x.kind <> 'general'
      JOIN ledger.fund_balance b ON b.community_id = d.community_id AND b.fund_id = d.fund_id
     WHERE council.votes_on(d.community_id, d.fund_id)
  LOOP
    IF f.delta < 0 AND f.net_assets < 0 THEN
      RAISE EXCEPTION 'project fund % has % and would be left with %', f.code, f.net_assets - f.delta, f.net_assets
        USING ERRCODE = 'FU005', DETAIL = f.code || ' ' || (f.net_assets - f.delta);
    END IF;
    -- Net assets of the project: in or out, unless an old entry is undone that brought some in, or a sponsor's pool matches
    -- gifts under its own rule; and one fund's expense that is the project's income.
    INSERT INTO council.moved (community_id, entry_seq)
    SELECT f.community_id, n.seq
      FROM new_postings n
      JOIN ledger.account a ON a.community_id = n.community_id AND a.id = n.account_id
      JOIN ledger.journal_entry e ON e.community_id = n.community_id AND e.seq = n.seq AND e.kind NOT IN ('year_end', 'match', 'match_back', 'pool', 'pool_rest')
     WHERE n.community_id = f.community_id
     GROUP BY n.seq, e.kind, e.reverses_seq
    HAVING bool_or(n.fund_id = f.fund_id AND a.type = 'net_assets')
       AND (e.reverses_seq IS NULL
            OR sum(n.amount) FILTER (WHERE n.fund_id = f.fund_id AND a.type = 'net_assets') < 0
               AND NOT EXISTS (SELECT FROM council.use u WHERE u.community_id = f.community_id AND u.entry_seq = e.reverses_seq))
        OR e.kind IN ('manual', 'import', 'recurring') AND bool_or(n.fund_id = f.fund_id AND a.type = 'income' AND n.amount < 0)
           AND bool_or(n.fund_id <> f.fund_id AND a.type = 'expense' AND n.amount > 0)
    ON CONFLICT DO NOTHING;
    -- A loan between funds, unless it comes back.
    IF f.lent <> 0 THEN
      INSERT INTO council.moved (community_id, entry_seq)
      SELECT DISTINCT n.community_id, n.seq
        FROM new_postings n
       WHERE n.community_id = f.community_id AND n.fund_id = f.fund_id AND n.account_id = f.between_id
         AND (SELECT (sum(b.debit - b.credit) - f.lent) * f.lent >= 0 OR abs(sum(b.debit - b.credit) - f.lent) < abs(f.lent)
                FROM ledger.balance b WHERE b.community_id = f.community_id AND b.fund_id = f.fund_id AND b.account_id = f.between_id)
      ON CONFLICT DO NOTHING;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION council.votes_on(community integer, fund integer) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT EXISTS (SELECT FROM council.motion m WHERE m.community_id = community AND m.to_fund = fund AND m.kind = 'budget_line' AND m.state NOT IN ('draft', 'withdrawn'))
$$;

CREATE FUNCTION council.voting(community integer, of_motion uuid) RETURNS council.motion
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  m council.motion;
BEGIN
  SELECT * INTO m FROM council.motion x WHERE x.community_id = community AND x.id = of_motion FOR UPDATE;
  IF m.state IS DISTINCT FROM 'open' THEN
    PERFORM council.refuse('vote_is_open', 'the motion is not being voted on');
  END IF;
  RETURN m;
END $$;

CREATE FUNCTION council.within_vote(m council.motion) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  used numeric := council.used(m.community_id, m.id);
BEGIN
  IF used NOT BETWEEN 0 AND m.amount THEN
    PERFORM council.refuse('use_within_vote', format('motion %s-%s allows %s, and %s would be used', m.year, m.number, m.amount, used));
  END IF;
END $$;

CREATE FUNCTION disclosure.document_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.version > 1 AND NOT EXISTS (
       SELECT FROM disclosure.document d
        WHERE d.community_id = NEW.community_id AND d.year = NEW.year AND d.number = NEW.number AND d.version = NEW.version - 1 AND d.duty = NEW.duty) OR
     NEW.version = 1 AND NEW.number > 1 AND NOT EXISTS (
       SELECT FROM disclosure.document d WHERE d.community_id = NEW.community_id AND d.year = NEW.year AND d.number = NEW.number - 1) THEN
    RAISE EXCEPTION 'document %-% version % would leave a gap', NEW.year, NEW.number, NEW.version USING ERRCODE = 'FU013';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION disclosure.drawing_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NOT EXISTS (
       SELECT FROM disclosure.document d
        WHERE d.community_id = NEW.community_id AND d.year = NEW.year AND d.number = NEW.number AND d.version = NEW.version
          AND d.written_in = pg_current_xact_id()) THEN
    RAISE EXCEPTION 'document %-% version % is published: nothing is added to it', NEW.year, NEW.number, NEW.version USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION ledger.agree_reopening(community integer, request integer, who text, as_role text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  PERFORM FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  UPDATE ledger.reopening r SET agreed_by = who, agreed_role = as_role, agreed_at = clock_timestamp()
   WHERE r.community_id = community AND r.id = request;
  UPDATE ledger.period p SET closed_at = NULL, closed_by = NULL, note = r.note, reopening_id = r.id
    FROM ledger.reopening r
   WHERE r.community_id = community AND r.id = request AND p.community_id = r.community_id AND p.month = r.month;
END $$;

CREATE FUNCTION ledger.ask_reopening(community integer, in_month date, who text, as_role text, why text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  of_month date := date_trunc('month', in_month::timestamp);
  request  int;
BEGIN
  PERFORM FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  PERFORM FROM ledger.period p WHERE p.community_id = community AND p.month = of_month AND p.closed_at IS NOT NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'month % is open', to_char(of_month, 'YYYY-MM') USING ERRCODE = 'FU016', DETAIL = to_char(of_month, 'YYYY-MM');
  END IF;
  PERFORM FROM ledger.reopening r
    WHERE r.community_id = community AND r.month = of_month AND r.agreed_at IS NULL AND r.asked_at > clock_timestamp() - interval '7 days';
  IF FOUND THEN
    RAISE EXCEPTION 'somebody has asked for month % already', to_char(of_month, 'YYYY-MM') USING ERRCODE = 'FU017', DETAIL = to_char(of_month, 'YYYY-MM');
  END IF;
  INSERT INTO ledger.reopening (community_id, id, month, note, asked_by, asked_role, asked_at)
  SELECT community, coalesce(max(r.id), 0) + 1, of_month, why, who, as_role, clock_timestamp() FROM ledger.reopening r WHERE r.community_id = community
  RETURNING id INTO request;
  RETURN request;
END $$;

CREATE FUNCTION ledger.close_period(community integer, in_month date, who text, checklist jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  of_month date := date_trunc('month', in_month::timestamp);
  at       timestamptz;
BEGIN
  PERFORM FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  IF EXISTS (SELECT FROM ledger.period p WHERE p.community_id = community AND p.month = of_month AND p.closed_at IS NOT NULL) THEN
    RETURN;
  END IF;
  at := clock_timestamp();
  INSERT INTO ledger.period AS p (community_id, month, closed_at, closed_by) VALUES (community, of_month, at, who)
  ON CONFLICT (community_id, month) DO UPDATE SET closed_at = EXCLUDED.closed_at, closed_by = EXCLUDED.closed_by;
  INSERT INTO ledger.closing (community_id, month, number, items, closed_by, closed_at)
  SELECT community, of_month, count(*) + 1, checklist, who, at FROM ledger.closing c WHERE c.community_id = community AND c.month = of_month;
END $$;

CREATE FUNCTION ledger.entry_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  at record;
BEGIN
  SELECT e.seq, to_char(p.month, 'YYYY-MM') AS month INTO at
    FROM ledger.period p JOIN new_entries e
      ON e.community_id = p.community_id AND p.month = date_trunc('month', e.entry_date::timestamp)
   WHERE p.closed_at IS NOT NULL AND e.kind <> 'year_end' ORDER BY e.seq LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'month % is closed', at.month USING ERRCODE = 'FU003', DETAIL = at.month;
  END IF;

  -- No entry without its postings, and no posting without its entry (posting_guard):
  -- what two foreign keys would check row by row, at three times the cost of the rest.
  SELECT e.seq INTO at FROM new_entries e
   WHERE (SELECT p.seq FROM ledger.posting p
           WHERE p.community_id = e.community_id AND p.seq = e.seq AND p.line = e.posting_count) IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % has not all its postings', at.seq USING ERRCODE = 'FU012';
  END IF;

  -- No gaps: new numbers follow each other, and the first follows one that stands.
  SELECT r.first INTO at
    FROM (SELECT e.community_id, min(e.seq) AS first, max(e.seq) AS last, count(*) AS n FROM new_entries e GROUP BY 1) r
   WHERE r.last - r.first + 1 <> r.n OR (r.first > 1 AND (
         SELECT b.seq FROM ledger.journal_entry b WHERE b.community_id = r.community_id AND b.seq = r.first - 1) IS NULL) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % would leave a gap', at.first USING ERRCODE = 'FU013';
  END IF;
  SELECT r.year, r.first INTO at
    FROM (SELECT e.community_id, e.year, min(e.number) AS first, max(e.number) AS last, count(*) AS n FROM new_entries e GROUP BY 1, 2) r
   WHERE r.last - r.first + 1 <> r.n OR (r.first > 1 AND (
         SELECT b.seq FROM ledger.journal_entry b WHERE b.community_id = r.community_id AND b.year = r.year AND b.number = r.first - 1) IS NULL) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'number %-% would leave a gap', at.year, at.first USING ERRCODE = 'FU013';
  END IF;

  INSERT INTO ledger.month_tally AS t (community_id, month, entries)
  SELECT e.community_id, date_trunc('month', e.entry_date::timestamp), count(*) FROM new_entries e GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (community_id, month) DO UPDATE SET entries = t.entries + EXCLUDED.entries;

  IF EXISTS (SELECT FROM new_entries e WHERE e.reverses_seq IS NOT NULL) THEN
    SELECT e.seq, e.year INTO at FROM new_entries e
      JOIN ledger.journal_entry r ON r.community_id = e.community_id AND r.seq = e.reverses_seq AND (r.kind = 'year_end') <> (e.kind = 'year_end') LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'year % is closed: its year-end entries are taken back by reopening a month', at.year USING ERRCODE = 'FU015', DETAIL = at.year::text;
    END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.keep_identity() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  free text[] := ARRAY['name_zh', 'name_en', 'place_zh', 'place_en', 'address_zh', 'address_en', 'phone', 'purpose', 'closed_at'];
BEGIN
  IF (to_jsonb(OLD) - free) IS DISTINCT FROM (to_jsonb(NEW) - free) THEN
    RAISE EXCEPTION '%: only names, places, purpose and closing may change', TG_TABLE_NAME USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION ledger.keep_reopening() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  free text[] := ARRAY['agreed_by', 'agreed_role', 'agreed_at'];
BEGIN
  IF OLD.agreed_at IS NOT NULL OR (to_jsonb(OLD) - free) IS DISTINCT FROM (to_jsonb(NEW) - free) THEN
    RAISE EXCEPTION 'a request to reopen a month stays as it was written' USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION ledger.open_book(community integer, OUT timezone text, OUT closed text[], OUT purposes text[]) RETURNS record
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  SELECT c.timezone INTO timezone FROM ledger.community c WHERE c.id = community;
  closed := array(SELECT to_char(p.month, 'YYYY-MM-DD') FROM ledger.period p WHERE p.community_id = community AND p.closed_at IS NOT NULL);
  purposes := array(SELECT a.purpose || ' ' || a.id FROM ledger.account a WHERE a.community_id = community AND a.purpose IS NOT NULL);
END $$;

CREATE FUNCTION ledger.period_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF OLD.closed_at IS NULL THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'month % is closed', to_char(OLD.month, 'YYYY-MM') USING ERRCODE = 'FU014', DETAIL = to_char(OLD.month, 'YYYY-MM');
  END IF;
  IF NEW IS NOT DISTINCT FROM OLD THEN RETURN NEW; END IF;
  PERFORM FROM ledger.reopening r
    WHERE r.community_id = OLD.community_id AND r.id = NEW.reopening_id AND r.month = OLD.month AND r.agreed_at > OLD.closed_at;
  IF NOT FOUND OR NEW.closed_at IS NOT NULL OR NEW.month <> OLD.month OR NEW.community_id <> OLD.community_id THEN
    RAISE EXCEPTION 'month % is closed: two people reopen it', to_char(OLD.month, 'YYYY-MM') USING ERRCODE = 'FU014', DETAIL = to_char(OLD.month, 'YYYY-MM');
  END IF;
  PERFORM FROM ledger.year_end y
    WHERE y.community_id = OLD.community_id AND y.month = date_trunc('year', OLD.month::timestamp) + interval '11 months' AND y.debit <> y.credit;
  IF FOUND THEN
    RAISE EXCEPTION 'year % is closed: its year-end entries are taken back first', extract(year FROM OLD.month)
      USING ERRCODE = 'FU015', DETAIL = extract(year FROM OLD.month)::text;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION ledger.post_entries(community integer, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[], reversed bigint[], commitments bytea[], entry_of integer[], accounts integer[], funds integer[], amounts numeric[]) RETURNS TABLE(ord integer, seq bigint, year integer, number integer, posted_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "DateStyle" TO 'ISO, YMD'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
  now_at   timestamptz;
  now_text text;
  slug     text;
  base_seq bigint;
  base_net numeric(18,2);
BEGIN
  SELECT b.last_seq, b.net_assets INTO base_seq, base_net FROM ledger.book b WHERE b.community_id = community FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'community % keeps no book', community USING ERRCODE = 'FU010';
  END IF;
  SELECT c.slug INTO slug FROM ledger.community c WHERE c.id = community;
  now_at := clock_timestamp(); -- after the lock: in the order of seq
  now_text := to_char(now_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

  IF (SELECT count(*) FROM (SELECT FROM unnest(entry_of) o WHERE o BETWEEN 1 AND cardinality(dates) GROUP BY o HAVING count(*) >= 2) two) <> cardinality(dates)
     OR EXISTS (SELECT FROM unnest(entry_of) o WHERE o NOT BETWEEN 1 AND cardinality(dates)) THEN
    RAISE EXCEPTION 'an entry has at least two postings' USING ERRCODE = 'FU012';
  END IF;
  RETURN QUERY
  WITH given AS MATERIALIZED (
    SELECT u.ord::int, u.entry_date, extract(year FROM u.entry_date)::int AS year, u.kind, u.source, u.memo, u.detail, u.posted_by, u.reverses, nullif(u.commitment, '') AS commitment,
           row_number() OVER (PARTITION BY extract(year FROM u.entry_date) ORDER BY u.ord)::int AS nth,
           count(*) OVER (PARTITION BY extract(year FROM u.entry_date))::int AS in_year
      FROM unnest(dates, kinds, sources, memos, details, posters, reversed, commitments)
           WITH ORDINALITY AS u (entry_date, kind, source, memo, detail, posted_by, reverses, commitment, ord)
  ), years AS (
    INSERT INTO ledger.book_year AS y (community_id, year, last_number)
    SELECT community, g.year, max(g.nth) FROM given g GROUP BY g.year ORDER BY g.year
    ON CONFLICT (community_id, year) DO UPDATE SET last_number = y.last_number + EXCLUDED.last_number
    RETURNING y.year, y.last_number
  ), lines AS MATERIALIZED (
    SELECT u.entry, row_number() OVER (PARTITION BY u.entry ORDER BY u.ord)::smallint AS line,
           u.account, u.fund, u.amount::numeric(18,2) AS amount, a.code AS account_code, a.type, f.code AS fund_code
      FROM unnest(entry_of, accounts, funds, amounts) WITH ORDINALITY AS u (entry, account, fund, amount, ord)
      LEFT JOIN ledger.account a ON a.community_id = community AND a.id = u.account
      LEFT JOIN ledger.fund f ON f.community_id = community AND f.id = u.fund
  ), sums AS MATERIALIZED (
    SELECT l.entry, count(*)::smallint AS posting_count,
           coalesce(-sum(l.amount) FILTER (WHERE l.type = 'income'), 0) AS income,
           coalesce(sum(l.amount) FILTER (WHERE l.type = 'expense'), 0) AS expense,
           coalesce(-sum(l.amount) FILTER (WHERE l.type IN ('income', 'expense', 'net_assets')), 0) AS net,
           string_agg(l.line || ' ' || coalesce(l.account_code, '') || ' ' || coalesce(l.fund_code, '') || ' ' || l.amount || E'\n', '' ORDER BY l.line) AS body
      FROM lines l GROUP BY l.entry
  ), entries AS MATERIALIZED (
    SELECT g.*, base_seq + g.ord AS seq, years.last_number - g.in_year + g.nth AS number,
           coalesce(s.posting_count, 0::smallint) AS posting_count, s.income, s.expense,
           base_net + sum(s.net) OVER (ORDER BY g.ord) AS net_after, s.net, s.body
      FROM given g JOIN years ON years.year = g.year LEFT JOIN sums s ON s.entry = g.ord
  ), written AS (
    INSERT INTO ledger.journal_entry (community_id, seq, year, number, entry_date, posted_at, kind, source, memo, detail,
                                      posted_by, reverses_seq, commitment, posting_count, income, expense, net_after)
    SELECT community, e.seq, e.year, e.number, e.entry_date, now_at, e.kind, e.source, e.memo, e.detail, e.posted_by, e.reverses, e.commitment, e.posting_count,
           CASE WHEN e.kind = 'year_end' THEN 0 ELSE coalesce(e.income, 0) END, CASE WHEN e.kind = 'year_end' THEN 0 ELSE coalesce(e.expense, 0) END, coalesce(e.net_after, 0)
      FROM entries e ORDER BY e.seq
  ), posted AS (
    INSERT INTO ledger.posting (community_id, seq, line, posting_count, entry_date, account_id, fund_id, amount)
    SELECT community, e.seq, l.line, e.posting_count, e.entry_date, l.account, l.fund, l.amount
      FROM lines l JOIN entries e ON e.ord = l.entry ORDER BY e.seq, l.line
  ), leaves AS (
    INSERT INTO transparency.leaf (community_id, leaf_index, hash)
    SELECT community, e.seq - 1, sha256(decode('00', 'hex') || convert_to(
             'fund entry v1' || E'\n' || slug || E'\n' || e.seq || E'\n' || e.year || '-' || e.number || E'\n' || e.entry_date || E'\n' || now_text || E'\n' ||
             e.kind || E'\n' || e.source || E'\n' || e.memo || E'\n' || e.detail || E'\n' || e.posted_by || E'\n' ||
             coalesce(e.reverses::text, '-') || E'\n' || coalesce(encode(e.commitment, 'hex'), '-') || E'\n' || e.body, 'UTF8'))
      FROM entries e ORDER BY e.seq
  ), book AS (
    UPDATE ledger.book b SET last_seq = b.last_seq + t.n, net_assets = b.net_assets + t.net
      FROM (SELECT count(*) AS n, coalesce(sum(e.net), 0) AS net FROM entries e) t WHERE b.community_id = community
  )
  SELECT e.ord, e.seq, e.year, e.number, now_at FROM entries e ORDER BY e.ord;
END $$;

CREATE FUNCTION ledger.posting_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  bad     record;
  closing ledger.entry_key[];
BEGIN
  SELECT n.seq INTO bad FROM new_postings n
   GROUP BY n.community_id, n.seq HAVING count(*) <> min(n.posting_count) OR count(*) <> max(n.posting_count) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % is not complete: all its postings are inserted at once', bad.seq USING ERRCODE = 'FU012';
  END IF;
  SELECT n.seq INTO bad FROM new_postings n
   WHERE (SELECT e.entry_date FROM ledger.journal_entry e WHERE e.community_id = n.community_id AND e.seq = n.seq) IS DISTINCT FROM n.entry_date LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a posting belongs to entry % of its own date', bad.seq USING ERRCODE = 'FU012';
  END IF;
  SELECT n.seq, n.fund_id, sum(n.amount) AS rest INTO bad FROM new_postings n
   GROUP BY n.community_id, n.seq, n.fund_id HAVING sum(n.amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'entry % does not balance in fund %: % too much debit', bad.seq, bad.fund_id, bad.rest
      USING ERRCODE = 'FU001', DETAIL = bad.rest::text;
  END IF;

  SELECT n.account_id, a.code, a.closed_at INTO bad
    FROM (SELECT DISTINCT community_id, account_id FROM new_postings) n
    LEFT JOIN ledger.account a ON a.community_id = n.community_id AND a.id = n.account_id
   WHERE a.id IS NULL OR a.closed_at IS NOT NULL AND EXISTS (
         SELECT FROM new_postings x JOIN ledger.journal_entry e ON e.community_id = x.community_id AND e.seq = x.seq AND e.kind <> 'year_end'
          WHERE x.community_id = n.community_id AND x.account_id = n.account_id) LIMIT 1;
  IF FOUND AND bad.code IS NULL THEN
    RAISE EXCEPTION 'account % is unknown', bad.account_id USING ERRCODE = 'FU006', DETAIL = bad.account_id::text;
  ELSIF FOUND THEN
    RAISE EXCEPTION 'account % is closed', bad.code USING ERRCODE = 'FU007', DETAIL = bad.code;
  END IF;
  SELECT n.fund_id, f.code INTO bad
    FROM (SELECT DISTINCT community_id, fund_id FROM new_postings) n
    LEFT JOIN ledger.fund f ON f.community_id = n.community_id AND f.id = n.fund_id
   WHERE f.id IS NULL OR f.closed_at IS NOT NULL AND EXISTS (
         SELECT FROM new_postings x JOIN ledger.journal_entry e ON e.community_id = x.community_id AND e.seq = x.seq AND e.kind <> 'year_end'
          WHERE x.community_id = n.community_id AND x.fund_id = n.fund_id) LIMIT 1;
  IF FOUND AND bad.code IS NULL THEN
    RAISE EXCEPTION 'fund % is unknown', bad.fund_id USING ERRCODE = 'FU008', DETAIL = bad.fund_id::text;
  ELSIF FOUND THEN
    RAISE EXCEPTION 'fund % is closed', bad.code USING ERRCODE = 'FU009', DETAIL = bad.code;
  END IF;

  INSERT INTO ledger.balance AS b (community_id, account_id, fund_id, month, debit, credit)
  SELECT n.community_id, n.account_id, n.fund_id, date_trunc('month', n.entry_date::timestamp),
         sum(greatest(n.amount, 0)), sum(greatest(-n.amount, 0))
    FROM new_postings n GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (community_id, account_id, fund_id, month)
  DO UPDATE SET debit = b.debit + EXCLUDED.debit, credit = b.credit + EXCLUDED.credit;

  SELECT f.code, coalesce(b.net_assets, 0) AS had, d.delta INTO bad
    FROM (SELECT n.community_id, n.fund_id, sum(n.amount) AS delta FROM new_postings n
            JOIN ledger.account a ON a.community_id = n.community_id AND a.id = n.account_id
           WHERE a.type IN ('asset', 'liability') GROUP BY 1, 2) d
    JOIN ledger.fund f ON f.community_id = d.community_id AND f.id = d.fund_id
    LEFT JOIN ledger.fund_balance b ON b.community_id = d.community_id AND b.fund_id = d.fund_id
   WHERE f.restricted AND coalesce(b.net_assets, 0) + d.delta < 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'fund % has % and would be left with %', bad.code, bad.had, bad.had + bad.delta
      USING ERRCODE = 'FU005', DETAIL = bad.code || ' ' || bad.had;
  END IF;
  -- A row that is less than zero by itself is refused before the conflict is
  -- seen, so what a restricted fund spends is an update: it has a row.
  WITH moved AS MATERIALIZED (
    SELECT d.community_id, d.fund_id, f.restricted, d.delta, f.restricted AND d.delta < 0 AS spent
      FROM (SELECT n.community_id, n.fund_id, sum(n.amount) AS delta FROM new_postings n
              JOIN ledger.account a ON a.community_id = n.community_id AND a.id = n.account_id
             WHERE a.type IN ('asset', 'liability') GROUP BY 1, 2) d
      JOIN ledger.fund f ON f.community_id = d.community_id AND f.id = d.fund_id
  ), spending AS (
    UPDATE ledger.fund_balance b SET net_assets = b.net_assets + m.delta
      FROM moved m WHERE m.spent AND b.community_id = m.community_id AND b.fund_id = m.fund_id
  )
  INSERT INTO ledger.fund_balance AS b (community_id, fund_id, restricted, net_assets)
  SELECT m.community_id, m.fund_id, m.restricted, m.delta FROM moved m WHERE NOT m.spent ORDER BY 1, 2
  ON CONFLICT (community_id, fund_id) DO UPDATE SET net_assets = b.net_assets + EXCLUDED.net_assets;
  IF EXISTS (SELECT FROM new_postings n WHERE extract(month FROM n.entry_date) = 12 AND extract(day FROM n.entry_date) = 31) THEN
    closing := array(SELECT DISTINCT (n.community_id, n.seq)::ledger.entry_key FROM new_postings n
                       JOIN ledger.journal_entry e ON e.community_id = n.community_id AND e.seq = n.seq AND e.kind = 'year_end');
    IF cardinality(closing) > 0 THEN
      PERFORM ledger.year_end_guard(closing);
    END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '% of %.% is refused: what is posted stays', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'FU002', HINT = 'post a reversal instead';
END $$;

CREATE FUNCTION ledger.year_end_guard(entries ledger.entry_key[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  bad record;
BEGIN
  SELECT e.year INTO bad
    FROM unnest(entries) k JOIN ledger.journal_entry e ON e.community_id = k.community_id AND e.seq = k.seq
   WHERE (SELECT count(*) FROM ledger.period p
           WHERE p.community_id = e.community_id AND p.closed_at IS NOT NULL AND p.month BETWEEN make_date(e.year, 1, 1) AND make_date(e.year, 12, 1)) < 12
      OR EXISTS (SELECT FROM ledger.posting p JOIN ledger.account a ON a.community_id = p.community_id AND a.id = p.account_id
                  WHERE p.community_id = e.community_id AND p.seq = e.seq AND a.type IN ('asset', 'liability')) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'year % is closed after its months, from income and expense to net assets', bad.year USING ERRCODE = 'FU015', DETAIL = bad.year::text;
  END IF;

  INSERT INTO ledger.year_end AS y (community_id, account_id, fund_id, month, debit, credit)
  SELECT p.community_id, p.account_id, p.fund_id, make_date(e.year, 12, 1), sum(greatest(p.amount, 0)), sum(greatest(-p.amount, 0))
    FROM unnest(entries) k
    JOIN ledger.journal_entry e ON e.community_id = k.community_id AND e.seq = k.seq
    JOIN ledger.posting p ON p.community_id = e.community_id AND p.seq = e.seq
   GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (community_id, account_id, fund_id, month)
  DO UPDATE SET debit = y.debit + EXCLUDED.debit, credit = y.credit + EXCLUDED.credit;

  SELECT f.year INTO bad
    FROM (SELECT DISTINCT p.community_id, p.fund_id, e.year
            FROM unnest(entries) k
            JOIN ledger.journal_entry e ON e.community_id = k.community_id AND e.seq = k.seq
            JOIN ledger.posting p ON p.community_id = e.community_id AND p.seq = e.seq) f
   WHERE EXISTS (SELECT FROM ledger.year_end y
                  WHERE y.community_id = f.community_id AND y.fund_id = f.fund_id AND y.month = make_date(f.year, 12, 1) AND y.debit <> y.credit)
     AND EXISTS (SELECT FROM ledger.balance b JOIN ledger.account a ON a.community_id = b.community_id AND a.id = b.account_id
                  WHERE b.community_id = f.community_id AND b.fund_id = f.fund_id AND a.type IN ('income', 'expense')
                    AND b.month BETWEEN make_date(f.year, 1, 1) AND make_date(f.year, 12, 1)
                  GROUP BY b.account_id HAVING sum(b.debit - b.credit) <> 0) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a year-end entry leaves none of the income and expense of %', bad.year USING ERRCODE = 'FU015', DETAIL = bad.year::text;
  END IF;
END $$;

CREATE FUNCTION mutualaid.post_hours(community integer, on_day date, of_kind text, in_category text, from_source text, with_memo text, who text, undoes integer, people integer[], each integer[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  given int;
BEGIN
  INSERT INTO mutualaid.hour_book AS b (community_id, last_number) VALUES (community, 1)
  ON CONFLICT (community_id) DO UPDATE SET last_number = b.last_number + 1 RETURNING b.last_number INTO given;
  INSERT INTO mutualaid.hour_entry (community_id, number, entry_date, kind, category, source, memo, posted_by, posted_at, reverses)
  VALUES (community, given, on_day, of_kind, in_category, from_source, with_memo, who, clock_timestamp(), undoes);
  INSERT INTO mutualaid.hour_posting (community_id, number, line, person_id, minutes)
  SELECT community, given, u.line, nullif(u.person, 0), u.minutes FROM unnest(people, each) WITH ORDINALITY AS u (person, minutes, line);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'hour entry % has fewer than two postings', given USING ERRCODE = 'FU012';
  END IF;
  RETURN given;
END $$;

CREATE FUNCTION mutualaid.refuse_unbalanced() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  wrong record;
BEGIN
  SELECT n.community_id, n.number, sum(n.minutes) AS rest, count(*) AS lines INTO wrong
    FROM new_postings n GROUP BY n.community_id, n.number HAVING sum(n.minutes) <> 0 OR count(*) < 2 LIMIT 1;
  IF FOUND AND wrong.lines < 2 THEN
    RAISE EXCEPTION 'hour entry % has fewer than two postings', wrong.number USING ERRCODE = 'FU012';
  ELSIF FOUND THEN
    RAISE EXCEPTION 'hour entry % is out of balance by % minutes', wrong.number, wrong.rest USING ERRCODE = 'FU001';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION organisation.earn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  r organisation.rule;
BEGIN
  NEW.points := 0;
  NEW.rule_n := NULL;
  IF EXISTS (SELECT FROM organisation.organisation o WHERE o.community_id = NEW.community_id AND o.id = NEW.organisation_id AND o.kind = 'group') THEN
    SELECT * INTO r FROM organisation.rule x WHERE x.community_id = NEW.community_id AND x.since <= NEW.held_on ORDER BY x.since DESC LIMIT 1;
    NEW.rule_n := r.n;
    IF r.n IS NOT NULL AND NEW.people >= r.people_min THEN
      NEW.points := r.per_activity + least(NEW.people, r.people_max) / r.per_people;
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION organisation.number_invoice() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  NEW.year := extract(year FROM NEW.issued_on);
  INSERT INTO organisation.invoice_book AS b (community_id, year, last_number) VALUES (NEW.community_id, NEW.year, 1)
  ON CONFLICT (community_id, year) DO UPDATE SET last_number = b.last_number + 1 RETURNING b.last_number INTO NEW.number;
  RETURN NEW;
END $$;

CREATE FUNCTION organisation.price_session() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  SELECT i.price * NEW.quantity, i.subsidy * NEW.quantity INTO NEW.amount, NEW.subsidy
    FROM organisation.item i WHERE i.community_id = NEW.community_id AND i.agreement_id = NEW.agreement_id AND i.n = NEW.item_n;
  IF NOT EXISTS (SELECT FROM organisation.agreement a
                  WHERE a.community_id = NEW.community_id AND a.id = NEW.agreement_id AND NEW.held_on BETWEEN a.begins_on AND a.ends_on) THEN
    RAISE EXCEPTION 'the agreement does not hold on %', NEW.held_on USING ERRCODE = 'FU083';
  END IF;
  NEW.amount := coalesce(NEW.amount, 0); -- of an item that there is not, which its key refuses
  NEW.subsidy := coalesce(NEW.subsidy, 0);
  NEW.invoice_id := NULL;
  NEW.release_id := NULL;
  RETURN NEW;
END $$;

CREATE FUNCTION organisation.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  undoing text[] := ARRAY['undone_at', 'undone_by', 'undone_why'];
BEGIN
  IF OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL OR to_jsonb(NEW) - undoing <> to_jsonb(OLD) - undoing THEN
    RAISE EXCEPTION '% is posted', TG_TABLE_NAME USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION organisation.refuse_invoice_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  moving text[] := ARRAY['billed_to', 'erased_at', 'void_at', 'void_by', 'void_why'];
BEGIN
  IF to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving OR (NEW.billed_to <> OLD.billed_to AND NEW.billed_to <> '')
     OR (OLD.void_at IS NOT NULL AND (NEW.void_at, NEW.void_by, NEW.void_why) IS DISTINCT FROM (OLD.void_at, OLD.void_by, OLD.void_why)) THEN
    RAISE EXCEPTION 'invoice %-% is issued', OLD.year, OLD.number USING ERRCODE = 'FU002';
  ELSIF NEW.void_at IS NOT NULL AND OLD.void_at IS NULL AND EXISTS (SELECT FROM organisation.payment p
         WHERE p.community_id = OLD.community_id AND p.invoice_id = OLD.id AND p.undone_at IS NULL) THEN
    RAISE EXCEPTION 'invoice %-% is paid', OLD.year, OLD.number USING ERRCODE = 'FU085';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION organisation.refuse_overpaid() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  i    organisation.invoice;
  paid numeric;
BEGIN
  SELECT * INTO i FROM organisation.invoice x WHERE x.community_id = NEW.community_id AND x.id = NEW.invoice_id FOR UPDATE;
  SELECT coalesce(sum(p.amount), 0) INTO paid FROM organisation.payment p
   WHERE p.community_id = NEW.community_id AND p.invoice_id = NEW.invoice_id AND p.undone_at IS NULL;
  IF paid > i.amount OR (paid > 0 AND i.void_at IS NOT NULL) THEN
    RAISE EXCEPTION 'invoice %-% is for %, % would be paid', i.year, i.number, i.amount, paid USING ERRCODE = 'FU081';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION organisation.refuse_overreleased() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  agreed    numeric;
  delivered numeric;
  released  numeric;
BEGIN
  SELECT a.subsidy INTO agreed FROM organisation.agreement a WHERE a.community_id = NEW.community_id AND a.id = NEW.agreement_id FOR UPDATE;
  SELECT coalesce(sum(s.subsidy), 0) INTO delivered FROM organisation.session s
   WHERE s.community_id = NEW.community_id AND s.agreement_id = NEW.agreement_id AND s.void_at IS NULL;
  SELECT coalesce(sum(r.amount), 0) INTO released FROM organisation.release r
   WHERE r.community_id = NEW.community_id AND r.agreement_id = NEW.agreement_id AND r.undone_at IS NULL;
  IF released > least(agreed, delivered) THEN
    RAISE EXCEPTION 'agreement % says % and % was delivered, % would be released', NEW.agreement_id, agreed, delivered, released USING ERRCODE = 'FU080';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION organisation.refuse_overspent_points() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  earned bigint;
  spent  bigint;
BEGIN
  PERFORM FROM organisation.organisation o WHERE o.community_id = NEW.community_id AND o.id = NEW.organisation_id FOR UPDATE;
  SELECT coalesce(sum(a.points), 0) INTO earned FROM organisation.activity a
   WHERE a.community_id = NEW.community_id AND a.organisation_id = NEW.organisation_id AND a.withdrawn_at IS NULL;
  SELECT coalesce(sum(g.points), 0) INTO spent FROM organisation.small_grant g
   WHERE g.community_id = NEW.community_id AND g.organisation_id = NEW.organisation_id AND g.undone_at IS NULL;
  IF spent > earned THEN
    RAISE EXCEPTION 'organisation % has earned % points and would have spent %', NEW.organisation_id, earned, spent USING ERRCODE = 'FU082';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION organisation.refuse_session_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  moving text[] := ARRAY['invoice_id', 'release_id', 'void_at', 'void_by', 'void_why'];
BEGIN
  IF OLD.void_at IS NOT NULL OR to_jsonb(NEW) - moving <> to_jsonb(OLD) - moving
     OR (OLD.invoice_id IS DISTINCT FROM NEW.invoice_id AND OLD.invoice_id IS NOT NULL AND NOT (NEW.invoice_id IS NULL
         AND EXISTS (SELECT FROM organisation.invoice i WHERE i.community_id = OLD.community_id AND i.id = OLD.invoice_id AND i.void_at IS NOT NULL)))
     OR (OLD.release_id IS DISTINCT FROM NEW.release_id AND OLD.release_id IS NOT NULL AND NOT (NEW.release_id IS NULL
         AND EXISTS (SELECT FROM organisation.release r WHERE r.community_id = OLD.community_id AND r.id = OLD.release_id AND r.undone_at IS NOT NULL))) THEN
    RAISE EXCEPTION 'the session is billed, released or void' USING ERRCODE = 'FU084';
  END IF;
  RETURN NEW;
END $$;

CREATE TABLE project.project (
    community_id integer NOT NULL,
    id integer NOT NULL,
    slug text,
    fund_id integer,
    theme text NOT NULL,
    year integer NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    title_zh text NOT NULL,
    title_en text DEFAULT ''::text NOT NULL,
    place_zh text DEFAULT ''::text NOT NULL,
    place_en text DEFAULT ''::text NOT NULL,
    organisation_zh text DEFAULT ''::text NOT NULL,
    organisation_en text DEFAULT ''::text NOT NULL,
    council_zh text DEFAULT ''::text NOT NULL,
    council_en text DEFAULT ''::text NOT NULL,
    agreed_on date,
    votes_for integer DEFAULT 0 NOT NULL,
    votes_against integer DEFAULT 0 NOT NULL,
    budget numeric(18,2) NOT NULL,
    started_on date,
    ended_on date,
    need_zh text DEFAULT ''::text NOT NULL,
    need_en text DEFAULT ''::text NOT NULL,
    people_zh text DEFAULT ''::text NOT NULL,
    people_en text DEFAULT ''::text NOT NULL,
    own_zh text DEFAULT ''::text NOT NULL,
    own_en text DEFAULT ''::text NOT NULL,
    history boolean DEFAULT false NOT NULL,
    CONSTRAINT project_budget_not_negative CHECK ((budget >= (0)::numeric)),
    CONSTRAINT project_dates CHECK ((ended_on >= started_on)),
    CONSTRAINT project_done_on_a_day CHECK (((state = ANY (ARRAY['done'::text, 'settled'::text])) = (ended_on IS NOT NULL))),
    CONSTRAINT project_has_consent CHECK (((state <> ALL (ARRAY['agreed'::text, 'running'::text, 'done'::text, 'settled'::text])) OR ((agreed_on IS NOT NULL) AND (council_zh <> ''::text)))),
    CONSTRAINT project_has_its_fund CHECK ((((slug IS NULL) = (fund_id IS NULL)) AND ((fund_id IS NOT NULL) OR (state <> ALL (ARRAY['checked'::text, 'agreed'::text, 'running'::text, 'done'::text, 'settled'::text]))))),
    CONSTRAINT project_has_its_own_fund CHECK ((fund_id <> 1)),
    CONSTRAINT project_need_en_form CHECK ((length(need_en) <= 3000)),
    CONSTRAINT project_need_form CHECK ((length(need_zh) <= 2000)),
    CONSTRAINT project_own_en_form CHECK ((length(own_en) <= 500)),
    CONSTRAINT project_own_form CHECK ((length(own_zh) <= 300)),
    CONSTRAINT project_people_en_form CHECK ((length(people_en) <= 200)),
    CONSTRAINT project_people_form CHECK ((length(people_zh) <= 120)),
    CONSTRAINT project_runs_from_a_day CHECK (((state <> ALL (ARRAY['running'::text, 'done'::text, 'settled'::text])) OR (started_on IS NOT NULL))),
    CONSTRAINT project_slug_form CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'::text)),
    CONSTRAINT project_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'proposed'::text, 'returned'::text, 'checked'::text, 'agreed'::text, 'running'::text, 'done'::text, 'settled'::text, 'declined'::text, 'withdrawn'::text]))),
    CONSTRAINT project_theme_known CHECK ((theme = ANY (ARRAY['elders'::text, 'children'::text, 'neighbours'::text, 'yard'::text, 'mutual_aid'::text]))),
    CONSTRAINT project_title_form CHECK (((length(title_zh) <= 80) AND ((title_zh <> ''::text) OR (state = ANY (ARRAY['declined'::text, 'withdrawn'::text]))))),
    CONSTRAINT project_votes_not_negative CHECK (((votes_for >= 0) AND (votes_against >= 0)))
);

COMMENT ON COLUMN project.project.slug IS 'null until the staff has checked the proposal, like the fund';

COMMENT ON COLUMN project.project.own_zh IS 'what the people who propose bring along themselves';

COMMENT ON COLUMN project.project.history IS 'written down afterwards from older papers';

CREATE FUNCTION project.consented(p project.project, by_motion uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT CASE
    WHEN by_motion IS NOT NULL THEN EXISTS (
      SELECT FROM council.motion m WHERE m.community_id = p.community_id AND m.id = by_motion AND m.project_id = p.id AND m.state = 'passed')
    WHEN p.history THEN NOT EXISTS (
      SELECT FROM council.council c WHERE c.community_id = p.community_id AND c.name_zh = p.council_zh AND c.founded_on <= p.agreed_on)
    ELSE EXISTS (
      SELECT FROM round.idea i JOIN round.result r ON r.community_id = i.community_id AND r.round_id = i.round_id AND r.number = i.number
       WHERE i.community_id = p.community_id AND i.project_id = p.id AND r.selected)
  END
$$;

CREATE FUNCTION project.left_over(p project.project) RETURNS numeric
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  SELECT coalesce((SELECT b.net_assets FROM ledger.fund_balance b WHERE b.community_id = p.community_id AND b.fund_id = p.fund_id), 0.00)
$$;

CREATE FUNCTION project.line_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
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

CREATE FUNCTION project.project_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      PERFORM project.refuse('project_moves_by_steps', 'a project begins as a draft');
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.state <> OLD.state AND NEW.state IS DISTINCT FROM (
     SELECT s.state FROM project.step s WHERE s.community_id = NEW.community_id AND s.project_id = NEW.id ORDER BY s.n DESC LIMIT 1) THEN
    PERFORM project.refuse('project_moves_by_steps', 'a project moves by a step that says who, when and why');
  END IF;
  IF OLD.state IN ('agreed', 'running', 'done', 'settled')
     AND (NEW.budget, NEW.agreed_on, NEW.council_zh, NEW.votes_for, NEW.votes_against) IS DISTINCT FROM (OLD.budget, OLD.agreed_on, OLD.council_zh, OLD.votes_for, OLD.votes_against)
     OR OLD.fund_id IS NOT NULL AND NEW.fund_id IS DISTINCT FROM OLD.fund_id
     OR NEW.history <> OLD.history THEN
    RAISE EXCEPTION 'project % stays as it was agreed', OLD.id USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION project.refuse(rule text, says text) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '%', says USING ERRCODE = '23514', CONSTRAINT = rule;
END $$;

CREATE FUNCTION project.report_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.adopted_at IS NOT NULL AND NOT EXISTS (
     SELECT FROM project.project p WHERE p.community_id = NEW.community_id AND p.id = NEW.project_id AND p.state IN ('done', 'settled')) THEN
    PERFORM project.refuse('report_of_what_is_done', 'a project is reported once it is done');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION project.report_stays() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.adopted_at IS NOT NULL THEN
    RAISE EXCEPTION 'an end report that is adopted stays' USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION project.request_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM project.project p WHERE p.community_id = NEW.community_id AND p.id = NEW.project_id AND p.fund_id = NEW.fund_id) THEN
    PERFORM project.refuse('request_line_fund', 'the line is of another fund''s project');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION project.say_consent(community integer, of_project integer, zh text, en text, on_day date, in_favour integer, against integer) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
  UPDATE project.project SET council_zh = zh, council_en = en, agreed_on = on_day, votes_for = in_favour, votes_against = against
   WHERE community_id = community AND id = of_project AND state IN ('draft', 'checked')
$$;

CREATE FUNCTION project.spent_on_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  s     project.spent_on := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  total numeric;
  put   numeric;
BEGIN
  IF EXISTS (SELECT FROM project.report r WHERE r.community_id = s.community_id AND r.project_id = s.project_id AND r.as_of >= s.entry_seq) THEN
    RAISE EXCEPTION 'the end report of project % counts entry %', s.project_id, s.entry_seq USING ERRCODE = 'FU002';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN NULL;
  END IF;
  SELECT coalesce(sum(x.amount), 0) INTO total
    FROM project.project p
    JOIN ledger.posting x ON x.community_id = p.community_id AND x.fund_id = p.fund_id AND x.seq = s.entry_seq
    JOIN ledger.account a ON a.community_id = x.community_id AND a.id = x.account_id AND a.type = 'expense'
    JOIN ledger.journal_entry e ON e.community_id = x.community_id AND e.seq = x.seq AND e.reverses_seq IS NULL AND e.kind <> 'year_end'
   WHERE p.community_id = s.community_id AND p.id = s.project_id;
  SELECT sum(o.amount) INTO put FROM project.spent_on o WHERE o.community_id = s.community_id AND o.entry_seq = s.entry_seq AND o.project_id = s.project_id;
  IF sign(s.amount) <> sign(total) OR abs(put) > abs(total) THEN
    PERFORM project.refuse('spent_on_as_posted', format('entry %s spends %s of the project, and %s would stand on its lines', s.entry_seq, total, put));
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION project.step_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  p project.project;
BEGIN
  SELECT * INTO p FROM project.project x WHERE x.community_id = NEW.community_id AND x.id = NEW.project_id FOR UPDATE;
  IF p IS NULL THEN
    PERFORM project.refuse('step_project', 'there is no such project');
  END IF;
  NEW.was := p.state;
  SELECT coalesce(max(s.n), 0) + 1 INTO NEW.n FROM project.step s WHERE s.community_id = NEW.community_id AND s.project_id = NEW.project_id;
  IF NOT (CASE NEW.was
      WHEN 'draft'    THEN NEW.state IN ('proposed', 'withdrawn') OR NEW.state = 'agreed' AND p.history
      WHEN 'proposed' THEN NEW.state IN ('returned', 'checked', 'declined', 'withdrawn')
      WHEN 'returned' THEN NEW.state IN ('proposed', 'withdrawn')
      WHEN 'checked'  THEN NEW.state IN ('agreed', 'declined', 'withdrawn')
      WHEN 'agreed'   THEN NEW.state IN ('running', 'withdrawn')
      WHEN 'running'  THEN NEW.state = 'done'
      WHEN 'done'     THEN NEW.state = 'settled'
      ELSE false END) THEN
    PERFORM project.refuse('project_state', format('a project that is %s does not become %s', NEW.was, NEW.state));
  END IF;
  IF NEW.state IN ('returned', 'declined') AND NEW.why = '' THEN
    PERFORM project.refuse('step_with_a_reason', 'nothing is sent back or declined without a reason');
  END IF;
  IF NEW.state = 'proposed' AND NOT p.history AND NOT EXISTS (SELECT FROM project.budget_line b WHERE b.community_id = p.community_id AND b.project_id = p.id) THEN
    PERFORM project.refuse('proposal_is_whole', 'a proposal says what its money buys');
  END IF;
  IF NEW.state = 'agreed' AND NOT project.consented(p, NEW.motion_id) THEN
    PERFORM project.refuse('project_has_consent', 'a project is agreed by a motion that passed');
  END IF;
  IF NEW.state <> 'agreed' AND NEW.motion_id IS NOT NULL AND NOT EXISTS (
     SELECT FROM council.motion m WHERE m.community_id = p.community_id AND m.id = NEW.motion_id AND m.project_id = p.id AND m.state IN ('failed', 'no_quorum') AND NEW.state = 'declined') THEN
    PERFORM project.refuse('step_motion_said_no', 'the motion did not say that');
  END IF;
  IF NEW.state IN ('settled', 'withdrawn') AND project.left_over(p) <> 0 THEN
    PERFORM project.refuse('settled_with_nothing_left', format('%s is left in the project''s fund', project.left_over(p)));
  END IF;
  IF NEW.state = 'settled' AND NOT p.history AND NOT EXISTS (
     SELECT FROM project.report r WHERE r.community_id = p.community_id AND r.project_id = p.id AND r.adopted_at IS NOT NULL) THEN
    PERFORM project.refuse('settled_with_a_report', 'the end report is not adopted');
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION project.step_stays() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.why = '' AND to_jsonb(NEW) - 'why' = to_jsonb(OLD) - 'why'
     AND EXISTS (SELECT FROM project.project p WHERE p.community_id = OLD.community_id AND p.id = OLD.project_id AND p.state IN ('declined', 'withdrawn')) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'what happened to a project stays written' USING ERRCODE = 'FU002';
END $$;

CREATE FUNCTION project.take_step() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.state = 'agreed' AND NEW.motion_id IS NOT NULL THEN
    UPDATE project.project p
       SET state = NEW.state, council_zh = c.name_zh, council_en = c.name_en, agreed_on = (r.closed_at AT TIME ZONE k.timezone)::date,
           votes_for = r.in_favour, votes_against = r.against
      FROM council.motion m
      JOIN council.council c ON c.community_id = m.community_id AND c.id = m.council_id
      JOIN council.result r ON r.community_id = m.community_id AND r.motion_id = m.id
      JOIN ledger.community k ON k.id = m.community_id
     WHERE p.community_id = NEW.community_id AND p.id = NEW.project_id AND m.community_id = NEW.community_id AND m.id = NEW.motion_id;
    RETURN NULL;
  END IF;
  UPDATE project.project p
     SET state = NEW.state,
         started_on = CASE WHEN NEW.state = 'running' THEN NEW.day ELSE p.started_on END,
         ended_on = CASE WHEN NEW.state = 'done' THEN NEW.day ELSE p.ended_on END,
         budget = CASE WHEN NEW.state = 'proposed' AND NOT p.history
           THEN (SELECT sum(b.planned) FROM project.budget_line b WHERE b.community_id = p.community_id AND b.project_id = p.id) ELSE p.budget END
   WHERE p.community_id = NEW.community_id AND p.id = NEW.project_id;
  RETURN NULL;
END $$;

CREATE FUNCTION receipt.issue_receipts(community integer, in_series text, subjects uuid[], entries bigint[], amounts numeric[], days date[], tokens text[], codes text[]) RETURNS TABLE(ord integer, year integer, number integer, issued_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET jit TO 'off'
    AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH given AS MATERIALIZED (
    SELECT u.*, extract(year FROM u.day)::int AS year, row_number() OVER (PARTITION BY extract(year FROM u.day) ORDER BY u.ord)::int AS nth,
           count(*) OVER (PARTITION BY extract(year FROM u.day))::int AS in_year
      FROM unnest(subjects, entries, amounts, days, tokens, codes) WITH ORDINALITY AS u (subject, entry, amount, day, token, code, ord)
  ), counted AS (
    INSERT INTO receipt.counter AS c (community_id, series, year, last_number)
    SELECT community, in_series, g.year, max(g.nth) FROM given g GROUP BY g.year ORDER BY g.year
    ON CONFLICT (community_id, series, year) DO UPDATE SET last_number = c.last_number + EXCLUDED.last_number
    RETURNING c.year, c.last_number
  ), numbered AS MATERIALIZED (
    SELECT g.*, c.last_number - g.in_year + g.nth AS number
      FROM given g JOIN counted c ON c.year = g.year
  ), written AS (
    INSERT INTO receipt.receipt (community_id, series, year, number, subject_id, entry_seq, amount, issued_on, issued_at, token, check_code)
    SELECT community, in_series, n.year, n.number, n.subject, n.entry, n.amount, n.day, now(), n.token, n.code FROM numbered n ORDER BY n.ord
  )
  SELECT n.ord::int, n.year, n.number, now() FROM numbered n ORDER BY n.ord;
END $$;

CREATE FUNCTION receipt.receipt_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  at record;
BEGIN
  SELECT r.series, r.year, r.first INTO at
    FROM (SELECT n.community_id, n.series, n.year, min(n.number) AS first, max(n.number) AS last, count(*) AS n
            FROM new_receipts n GROUP BY 1, 2, 3) r
   WHERE r.last - r.first + 1 <> r.n OR (r.first > 1 AND (
         SELECT b.number FROM receipt.receipt b
          WHERE b.community_id = r.community_id AND b.series = r.series AND b.year = r.year AND b.number = r.first - 1) IS NULL) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'receipt % %-% would leave a gap', at.series, at.year, at.first USING ERRCODE = 'FU013';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION report.advance_cash(community integer, money_accounts integer[], at_most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  done  report.cash_through;
  until bigint;
BEGIN
  INSERT INTO report.cash_through (community_id, seq, money) VALUES (community, 0, money_accounts) ON CONFLICT DO NOTHING;
  SELECT * INTO done FROM report.cash_through t WHERE t.community_id = community FOR UPDATE;
  IF done.money <> money_accounts THEN
    DELETE FROM report.cash_month m WHERE m.community_id = community;
    done.seq := 0;
  END IF;
  SELECT least(done.seq + at_most, b.last_seq) INTO until FROM ledger.book b WHERE b.community_id = community;
  INSERT INTO report.cash_month AS m (community_id, month, account_id, fund_id, received, paid)
  SELECT community, date_trunc('month', p.entry_date::timestamp)::date, p.account_id, p.fund_id,
         coalesce(-sum(p.amount) FILTER (WHERE p.amount < 0), 0), coalesce(sum(p.amount) FILTER (WHERE p.amount > 0), 0)
    FROM ledger.posting p
   WHERE p.community_id = community AND p.seq > done.seq AND p.seq <= until AND p.account_id <> ALL (money_accounts)
     AND EXISTS (SELECT FROM ledger.posting o
                  WHERE o.community_id = p.community_id AND o.seq = p.seq AND o.fund_id = p.fund_id AND o.account_id = ANY (money_accounts))
   GROUP BY 2, 3, 4
  ON CONFLICT ON CONSTRAINT cash_month_pkey DO UPDATE SET received = m.received + EXCLUDED.received, paid = m.paid + EXCLUDED.paid;
  UPDATE report.cash_through t SET seq = until, money = money_accounts WHERE t.community_id = community;
  RETURN until;
END $$;

CREATE FUNCTION round.cast_ballot(community integer, of_round integer, with_digest bytea, chosen integer[], by_method text, on_day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  r round.round;
  sorted int[] := ARRAY(SELECT u FROM unnest(chosen) u ORDER BY u);
  known int;
  cost numeric;
BEGIN
  SELECT * INTO r FROM round.round WHERE community_id = community AND id = of_round FOR SHARE;
  IF NOT FOUND OR on_day NOT BETWEEN r.vote_from AND r.vote_until
     OR EXISTS (SELECT FROM round.tally t WHERE t.community_id = community AND t.round_id = of_round) THEN
    RAISE EXCEPTION 'round % is not being voted on', of_round USING ERRCODE = 'FU062';
  END IF;
  UPDATE round.code c SET used = true WHERE c.community_id = community AND c.round_id = of_round AND c.digest = with_digest AND NOT c.used;
  IF NOT FOUND THEN
    IF EXISTS (SELECT FROM round.code c WHERE c.community_id = community AND c.round_id = of_round AND c.digest = with_digest) THEN
      RAISE EXCEPTION 'this code has voted' USING ERRCODE = 'FU061';
    END IF;
    RAISE EXCEPTION 'no such code' USING ERRCODE = 'FU060';
  END IF;
  SELECT count(*), coalesce(sum(i.cost), 0) INTO known, cost FROM round.idea i
   WHERE i.community_id = community AND i.round_id = of_round AND i.state = 'ballot' AND i.number = ANY (sorted);
  IF known = 0 OR known <> cardinality(sorted) OR r.method = 'approval' AND known > r.choices_max OR r.method = 'knapsack' AND cost > r.pot THEN
    RAISE EXCEPTION 'this ballot is not as the round has it' USING ERRCODE = 'FU063';
  END IF;
  INSERT INTO round.staged (community_id, round_id, method, ideas) VALUES (community, of_round, by_method, sorted);
END $$;

CREATE FUNCTION round.count_ballots(community integer, of_round integer, who text, at timestamp with time zone, on_day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  r round.round;
  rest numeric;
  line record;
  chosen boolean;
BEGIN
  SELECT * INTO r FROM round.round WHERE community_id = community AND id = of_round FOR UPDATE;
  IF NOT FOUND OR on_day <= r.vote_until THEN
    RAISE EXCEPTION 'the vote of round % has not ended', of_round USING ERRCODE = 'FU065';
  END IF;
  INSERT INTO round.tally (community_id, round_id, pot, method, choices_max, support_min, ballots, codes, counted_by, counted_at)
  SELECT community, of_round, r.pot, r.method, r.choices_max, r.support_min,
         (SELECT count(*) FROM round.staged s WHERE s.community_id = community AND s.round_id = of_round),
         (SELECT count(*) FROM round.code c WHERE c.community_id = community AND c.round_id = of_round), who, at;
  INSERT INTO round.ballot (community_id, round_id, number, method, ideas)
  SELECT community, of_round, row_number() OVER (), m.method, m.ideas
    FROM (SELECT s.method, s.ideas FROM round.staged s WHERE s.community_id = community AND s.round_id = of_round ORDER BY gen_random_uuid()) m;
  DELETE FROM round.staged s WHERE s.community_id = community AND s.round_id = of_round;
  rest := r.pot;
  FOR line IN
    SELECT i.number, i.cost, count(b.number) AS votes, row_number() OVER (ORDER BY count(b.number) DESC, i.cost, i.number) AS rank
      FROM round.idea i
      LEFT JOIN round.ballot b ON b.community_id = i.community_id AND b.round_id = i.round_id AND i.number = ANY (b.ideas)
     WHERE i.community_id = community AND i.round_id = of_round AND i.state = 'ballot'
     GROUP BY i.number, i.cost ORDER BY rank
  LOOP
    chosen := line.votes >= r.support_min AND line.cost <= rest;
    INSERT INTO round.result (community_id, round_id, number, rank, cost, votes, selected)
    VALUES (community, of_round, line.number, line.rank, line.cost, line.votes, chosen);
    IF chosen THEN
      rest := rest - line.cost;
    END IF;
  END LOOP;
END $$;

CREATE FUNCTION round.refuse_after_votes() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  of_round int := CASE WHEN TG_TABLE_NAME = 'round' THEN to_jsonb(NEW) ->> 'id' ELSE to_jsonb(NEW) ->> 'round_id' END;
BEGIN
  PERFORM FROM round.round r WHERE r.community_id = NEW.community_id AND r.id = of_round FOR NO KEY UPDATE;
  IF EXISTS (SELECT FROM round.staged s WHERE s.community_id = NEW.community_id AND s.round_id = of_round)
     OR EXISTS (SELECT FROM round.tally t WHERE t.community_id = NEW.community_id AND t.round_id = of_round) THEN
    RAISE EXCEPTION 'round % is being voted on', of_round USING ERRCODE = 'FU064';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.bid_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  of sale.lot;
  highest numeric;
BEGIN
  SELECT l.* INTO of FROM sale.lot l WHERE l.community_id = NEW.community_id AND l.item_id = NEW.item_id FOR UPDATE;
  IF NOT FOUND OR of.place_id <> NEW.place_id OR of.state <> 'open' OR of.closes_at <= NEW.bid_at THEN
    RAISE EXCEPTION 'lot % takes no bids', NEW.item_id USING ERRCODE = '23514', CONSTRAINT = 'bid_lot_open';
  END IF;
  IF NOT EXISTS (SELECT FROM sale.bidder b WHERE b.community_id = NEW.community_id AND b.place_id = NEW.place_id AND b.paddle = NEW.paddle AND b.signed_off AND b.erased_at IS NULL) THEN
    RAISE EXCEPTION 'paddle % may not bid yet', NEW.paddle USING ERRCODE = '23514', CONSTRAINT = 'bid_signed_off';
  END IF;
  SELECT max(b.amount) INTO highest FROM sale.bid b WHERE b.community_id = NEW.community_id AND b.item_id = NEW.item_id AND b.struck_at IS NULL;
  IF NEW.amount < coalesce(highest + of.step, of.start_price) THEN
    RAISE EXCEPTION 'a bid on lot % is at least %', NEW.item_id, coalesce(highest + of.step, of.start_price) USING ERRCODE = '23514', CONSTRAINT = 'bid_high_enough';
  END IF;
  NEW.nth = of.bids + 1;
  UPDATE sale.lot l SET bids = NEW.nth, closes_at = CASE WHEN l.closes_at - NEW.bid_at <= interval '2 minutes' THEN l.closes_at + interval '2 minutes' ELSE l.closes_at END
   WHERE l.community_id = NEW.community_id AND l.item_id = NEW.item_id;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.bid_stays() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF OLD.struck_at IS NOT NULL OR (to_jsonb(OLD) - 'struck_at') IS DISTINCT FROM (to_jsonb(NEW) - 'struck_at') THEN
    RAISE EXCEPTION 'bid % stays as it was made', OLD.nth USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.count_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF EXISTS (SELECT FROM sale.session s WHERE s.community_id = NEW.community_id AND s.id = NEW.session_id AND s.closed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'till session % is closed: what was counted stays', NEW.session_id USING ERRCODE = 'FU002';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.counter <> OLD.counter THEN
    RAISE EXCEPTION 'a count stays with its counter' USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.place_books_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF EXISTS (SELECT FROM ledger.account a WHERE a.community_id = NEW.community_id
              AND (a.id = NEW.income_account AND a.type <> 'income' OR a.id = NEW.cost_account AND a.type <> 'expense')) THEN
    RAISE EXCEPTION 'sale % earns in an account of income and spends in one of expense', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'place_accounts_fit';
  END IF;
  IF NEW.kind = 'venture' AND EXISTS (SELECT FROM ledger.fund f WHERE f.community_id = NEW.community_id AND f.id = NEW.fund_id AND f.restricted) THEN
    RAISE EXCEPTION 'venture % earns for all, not for one purpose', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'place_venture_unrestricted';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.place_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  appeal record;
BEGIN
  SELECT c.basis, c.state, c.kind, c.fund_id INTO appeal FROM campaigns.campaign c WHERE c.community_id = NEW.community_id AND c.id = NEW.campaign_id;
  IF NEW.basis = 'public' AND NEW.state <> 'draft' AND
     (appeal IS NULL OR appeal.basis <> 'public' OR appeal.state = 'draft' OR appeal.fund_id <> NEW.fund_id) THEN
    RAISE EXCEPTION 'sale % appeals in public without a published public campaign into its fund', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'place_lawful';
  END IF;
  IF appeal.kind = 'all_or_nothing' OR appeal.state = 'draft' AND NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'tips of sale % go to a published campaign that keeps what it is given', NEW.slug USING ERRCODE = '23514', CONSTRAINT = 'place_tips_kept';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.sale_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF (to_jsonb(OLD) - 'refunded') IS DISTINCT FROM (to_jsonb(NEW) - 'refunded') OR NEW.refunded < OLD.refunded THEN
    RAISE EXCEPTION 'sale % stays as it was rung up', OLD.id USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.session_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF OLD.closed_at IS NOT NULL OR (OLD.place_id, OLD.till, OLD.float_amount, OLD.opened_by, OLD.opened_at)
       IS DISTINCT FROM (NEW.place_id, NEW.till, NEW.float_amount, NEW.opened_by, NEW.opened_at) THEN
    RAISE EXCEPTION 'till session % stays as it is', OLD.id USING ERRCODE = 'FU002';
  END IF;
  IF NEW.closed_at IS NOT NULL AND NOT EXISTS (
     SELECT FROM sale.count a JOIN sale.count b ON b.community_id = a.community_id AND b.session_id = a.session_id AND b.nth = 2
      WHERE a.community_id = NEW.community_id AND a.session_id = NEW.id AND a.nth = 1 AND b.counter <> a.counter AND (a.lead OR b.lead)
        AND b.total = NEW.counted AND (a.pieces = b.pieces OR NEW.reason <> '')) THEN
    RAISE EXCEPTION 'till session % needs two counters, one of them a shift lead', NEW.id USING ERRCODE = 'FU020';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.session_is_open() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    AS $$
DECLARE
  shut uuid;
BEGIN
  PERFORM FROM sale.session s WHERE (s.community_id, s.id) IN (SELECT n.community_id, n.session_id FROM new_rows n) ORDER BY s.id FOR SHARE;
  SELECT s.id INTO shut FROM sale.session s
   WHERE s.closed_at IS NOT NULL AND (s.community_id, s.id) IN (SELECT n.community_id, n.session_id FROM new_rows n) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'till session % is closed', shut USING ERRCODE = 'FU021', DETAIL = shut::text;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION sale.ticket_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF OLD.admitted_at IS NOT NULL AND (NEW.admitted_at, NEW.admitted_by) IS DISTINCT FROM (OLD.admitted_at, OLD.admitted_by)
     OR OLD.voided_at IS NOT NULL OR OLD.sale_id IS NOT NULL AND NEW.sale_id IS DISTINCT FROM OLD.sale_id THEN
    RAISE EXCEPTION 'ticket % stays as it is', OLD.number USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION sale.write_sales(community integer, at timestamp with time zone, ids uuid[], places integer[], sessions uuid[], slips text[], rung timestamp with time zone[], totals numeric[], tips numeric[], tip_ids uuid[], cashiers text[], entries bigint[], line_of integer[], line_nth integer[], items uuid[], names text[], quantities integer[], prices numeric[], accounts integer[], paid_of integer[], paid_nth integer[], ways text[], amounts numeric[], givens numeric[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET enable_seqscan TO 'off'
    SET jit TO 'off'
    AS $$
BEGIN
  INSERT INTO sale.sale (community_id, id, place_id, session_id, slip, rung_at, total, tip, tip_id, cashier, entry_seq, synced_at)
  SELECT community, u.id, u.place, u.session, u.slip, u.rung, u.total, u.tip, u.tip_id, u.cashier, u.entry, at
    FROM unnest(ids, places, sessions, slips, rung, totals, tips, tip_ids, cashiers, entries)
         AS u (id, place, session, slip, rung, total, tip, tip_id, cashier, entry);
  INSERT INTO sale.line (community_id, sale_id, line, item_id, name, quantity, price, account_id)
  SELECT community, ids[u.sale], u.nth, u.item, u.name, u.quantity, u.price, u.account
    FROM unnest(line_of, line_nth, items, names, quantities, prices, accounts) AS u (sale, nth, item, name, quantity, price, account);
  INSERT INTO sale.payment (community_id, sale_id, nth, way, amount, given)
  SELECT community, ids[u.sale], u.nth, u.way, u.amount, u.given
    FROM unnest(paid_of, paid_nth, ways, amounts, givens) AS u (sale, nth, way, amount, given);
  UPDATE sale.item i SET sold = i.sold + u.quantity
    FROM (SELECT x.item, sum(x.quantity) AS quantity FROM unnest(items, quantities) AS x (item, quantity) WHERE x.item IS NOT NULL GROUP BY x.item) u
   WHERE i.community_id = community AND i.id = u.item;
END $$;

CREATE FUNCTION sale.z_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  before bytea;
BEGIN
  SELECT z.hash INTO before FROM sale.z_report z WHERE z.community_id = NEW.community_id AND z.till = NEW.till AND z.number = NEW.number - 1;
  IF NEW.previous IS DISTINCT FROM coalesce(before, '') OR (before IS NULL) <> (NEW.number = 1) THEN
    RAISE EXCEPTION 'report %-% does not follow the one before', NEW.till, NEW.number USING ERRCODE = 'FU013';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION spending.request_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
  free text[] := ARRAY['state', 'payments', 'entry_seq', 'batch', 'confirmed_by', 'confirmed_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'asked' OR NEW.payments <> 0 OR NEW.approvals_needed < 1 + (NEW.amount > coalesce(
         (SELECT r.second_above FROM spending.rule r WHERE r.community_id = NEW.community_id), 2000))::int THEN
      RAISE EXCEPTION 'a payment request begins as asked, with the approvals its amount needs' USING ERRCODE = 'FU030';
    END IF;
    RETURN NEW;
  END IF;
  IF (to_jsonb(OLD) - free) IS DISTINCT FROM (to_jsonb(NEW) - free) THEN
    RAISE EXCEPTION 'what was asked for stays' USING ERRCODE = 'FU002', HINT = 'withdraw it and ask again';
  END IF;
  IF NEW.state <> OLD.state AND OLD.state || ' ' || NEW.state <> ALL (ARRAY[
       'asked approved', 'asked declined', 'asked withdrawn', 'approved withdrawn', 'approved paid', 'paid approved', 'paid withdrawn']) THEN
    RAISE EXCEPTION 'a payment request that is % does not become %', OLD.state, NEW.state USING ERRCODE = 'FU031';
  END IF;
  IF NEW.state IN ('approved', 'paid') AND NEW.approvals_needed > (
       SELECT count(*) FROM spending.decision d WHERE d.community_id = NEW.community_id AND d.request_id = NEW.id AND d.verdict = 'approved') THEN
    RAISE EXCEPTION 'the payment request needs % approvals by others', NEW.approvals_needed USING ERRCODE = 'FU030';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION transparency.watched_guard() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
  IF NEW.size < OLD.size OR (NEW.note = '' AND OLD.note <> '') THEN
    RAISE EXCEPTION 'a witness does not forget: size % after %', NEW.size, OLD.size USING ERRCODE = 'FU002';
  END IF;
  RETURN NEW;
END $$;

CREATE TABLE auth.audit_log (
    community_id integer NOT NULL,
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    user_id uuid,
    verb text NOT NULL,
    subject text NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    detail jsonb NOT NULL,
    CONSTRAINT audit_log_detail_is_object CHECK ((jsonb_typeof(detail) = 'object'::text)),
    CONSTRAINT audit_log_verb_is_noun_dot_verb CHECK ((verb ~ '^[a-z_]+\.[a-z_]+$'::text))
);

ALTER TABLE auth.audit_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME auth.audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE auth.login_attempt (
    key bytea NOT NULL,
    failures integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    locked_until timestamp with time zone NOT NULL,
    CONSTRAINT login_attempt_failures_count_up CHECK ((failures >= 0))
);

CREATE TABLE auth.membership (
    community_id integer NOT NULL,
    user_id uuid NOT NULL,
    roles text[] NOT NULL,
    CONSTRAINT membership_keeps_duties_apart CHECK (((NOT (('administrator'::text = ANY (roles)) AND (roles && ARRAY['treasurer'::text, 'shift_lead'::text, 'cashier'::text]))) AND (NOT (('auditor'::text = ANY (roles)) AND (cardinality(roles) > 1))))),
    CONSTRAINT membership_roles_are_known CHECK ((roles <@ ARRAY['administrator'::text, 'treasurer'::text, 'auditor'::text, 'shift_lead'::text, 'cashier'::text, 'project_lead'::text, 'council_member'::text]))
);

CREATE UNLOGGED TABLE auth.rate_limit (
    key bytea NOT NULL,
    count integer NOT NULL,
    resets_at timestamp with time zone NOT NULL
);

CREATE TABLE auth.reset (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    lang text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE auth.session (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    stepped_up_at timestamp with time zone NOT NULL,
    agent text NOT NULL,
    address text NOT NULL,
    CONSTRAINT session_token_is_sha256 CHECK ((length(token_hash) = 32))
);

CREATE TABLE auth."user" (
    id uuid NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    password_temporary boolean NOT NULL,
    totp_secret text,
    totp_confirmed_at timestamp with time zone,
    totp_last_step bigint DEFAULT 0 NOT NULL,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_login_is_lower_case CHECK (((login = lower(login)) AND (login <> ''::text))),
    CONSTRAINT user_totp_is_confirmed_with_secret CHECK (((totp_confirmed_at IS NULL) OR (totp_secret IS NOT NULL)))
);

CREATE TABLE box.box (
    community_id integer NOT NULL,
    id integer NOT NULL,
    number text NOT NULL,
    place_zh text NOT NULL,
    place_en text DEFAULT ''::text NOT NULL,
    campaign_id integer NOT NULL,
    placed_by text NOT NULL,
    placed_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT box_number_form CHECK ((number ~ '^[0-9A-Za-z][0-9A-Za-z-]{0,19}$'::text)),
    CONSTRAINT box_place_said CHECK (((length(place_zh) >= 1) AND (length(place_zh) <= 80)))
);

CREATE TABLE box.count (
    community_id integer NOT NULL,
    box_id integer NOT NULL,
    round integer NOT NULL,
    nth smallint NOT NULL,
    counter text NOT NULL,
    pieces integer[] NOT NULL,
    total numeric(18,2) NOT NULL,
    confirmed boolean DEFAULT false NOT NULL,
    tries integer DEFAULT 1 NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    CONSTRAINT count_adds_up CHECK ((total = (((((((((pieces[1] * 100) + (pieces[2] * 50)) + (pieces[3] * 20)) + (pieces[4] * 10)) + (pieces[5] * 5)) + pieces[6]))::numeric + ((pieces[7])::numeric * 0.5)) + ((pieces[8])::numeric * 0.1)))),
    CONSTRAINT count_counter_said CHECK ((counter <> ''::text)),
    CONSTRAINT count_first_or_second CHECK ((nth = ANY (ARRAY[1, 2]))),
    CONSTRAINT count_pieces_form CHECK (((array_ndims(pieces) = 1) AND (array_length(pieces, 1) = 8) AND (0 <= ALL (pieces)) AND (99999 >= ALL (pieces))))
);

COMMENT ON COLUMN box.count.confirmed IS 'counted along with the first, instead of blind';

CREATE TABLE box.round (
    community_id integer NOT NULL,
    box_id integer NOT NULL,
    round integer NOT NULL,
    seal text NOT NULL,
    sealed_by text NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    collected_by text DEFAULT ''::text NOT NULL,
    collected_at timestamp with time zone,
    intact boolean,
    remark text DEFAULT ''::text NOT NULL,
    opened_at timestamp with time zone,
    amount numeric(18,2),
    difference numeric(18,2) DEFAULT 0 NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    donation_id uuid,
    entry_seq bigint,
    difference_seq bigint,
    deposit_id uuid,
    CONSTRAINT round_broken_seal_explained CHECK (((intact IS NOT FALSE) OR (remark <> ''::text))),
    CONSTRAINT round_difference_booked CHECK ((((difference = (0)::numeric) = (difference_seq IS NULL)) AND ((difference = (0)::numeric) OR (reason <> ''::text)))),
    CONSTRAINT round_in_order CHECK ((((opened_at IS NULL) OR (collected_at IS NOT NULL)) AND ((opened_at IS NULL) = (amount IS NULL)))),
    CONSTRAINT round_money_booked CHECK (((opened_at IS NULL) OR (((amount + abs(difference)) > (0)::numeric) = (entry_seq IS NOT NULL)))),
    CONSTRAINT round_positive CHECK ((round > 0)),
    CONSTRAINT round_seal_said CHECK (((length(seal) >= 1) AND (length(seal) <= 30)))
);

COMMENT ON COLUMN box.round.amount IS 'what was in it and lies in the safe: the second count';

COMMENT ON COLUMN box.round.difference IS 'second count less first; posted as over or short';

CREATE TABLE budget.commitment (
    community_id integer NOT NULL,
    source text NOT NULL,
    fund_id integer NOT NULL,
    account_id integer NOT NULL,
    year integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    released_at timestamp with time zone,
    CONSTRAINT commitment_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT commitment_source_form CHECK (((source ~ '^[a-z_]+:[!-~]+$'::text) AND (length(source) <= 120)))
);

CREATE TABLE budget.line (
    community_id integer NOT NULL,
    fund_id integer NOT NULL,
    year integer NOT NULL,
    version integer NOT NULL,
    account_id integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    months numeric(18,2)[],
    CONSTRAINT budget_line_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT budget_line_twelve CHECK ((cardinality(months) = 12))
);

COMMENT ON COLUMN budget.line.amount IS 'of the year, on the side where the account is at home; months, where given, add up to it';

CREATE TABLE budget.version (
    community_id integer NOT NULL,
    fund_id integer NOT NULL,
    year integer NOT NULL,
    version integer NOT NULL,
    why text NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT budget_version_has_a_reason CHECK (((length(why) >= 1) AND (length(why) <= 200))),
    CONSTRAINT budget_version_positive CHECK ((version > 0))
);

CREATE TABLE budget.year (
    community_id integer NOT NULL,
    fund_id integer NOT NULL,
    year integer NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    CONSTRAINT budget_year_known CHECK (((year >= 1900) AND (year <= 9999)))
);

COMMENT ON COLUMN budget.year.version IS 'the one that holds; 0: none was made';

CREATE TABLE campaigns.budget_line (
    community_id integer NOT NULL,
    campaign_id integer NOT NULL,
    line integer NOT NULL,
    name_zh text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    note_zh text DEFAULT ''::text NOT NULL,
    note_en text DEFAULT ''::text NOT NULL,
    unit_zh text DEFAULT ''::text NOT NULL,
    unit_en text DEFAULT ''::text NOT NULL,
    quantity integer,
    amount numeric(18,2) NOT NULL,
    raised numeric(18,2) DEFAULT 0 NOT NULL,
    CONSTRAINT budget_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT budget_quantity_positive CHECK ((quantity > 0)),
    CONSTRAINT budget_raised_not_negative CHECK ((raised >= (0)::numeric))
);

COMMENT ON COLUMN campaigns.budget_line.raised IS 'by gifts for this very line, less refunds; what is given for no line fills them in their order';

CREATE TABLE campaigns.campaign (
    community_id integer NOT NULL,
    id integer NOT NULL,
    slug text NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    fund_id integer NOT NULL,
    kind text DEFAULT 'flexible'::text NOT NULL,
    theme text DEFAULT ''::text NOT NULL,
    title_zh text NOT NULL,
    title_en text DEFAULT ''::text NOT NULL,
    purpose_zh text DEFAULT ''::text NOT NULL,
    purpose_en text DEFAULT ''::text NOT NULL,
    story_zh text DEFAULT ''::text NOT NULL,
    story_en text DEFAULT ''::text NOT NULL,
    scene text DEFAULT ''::text NOT NULL,
    picture_id uuid,
    goal numeric(18,2) NOT NULL,
    minimum numeric(18,2) DEFAULT 1 NOT NULL,
    suggested numeric(18,2)[] DEFAULT '{}'::numeric[] NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    basis text NOT NULL,
    host_id integer,
    certificate text DEFAULT ''::text NOT NULL,
    filing_number text DEFAULT ''::text NOT NULL,
    filed_on date,
    contact_name text DEFAULT ''::text NOT NULL,
    contact_phone text DEFAULT ''::text NOT NULL,
    created_by text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    published_at timestamp with time zone,
    closed_at timestamp with time zone,
    target text DEFAULT 'own'::text NOT NULL,
    stretch jsonb DEFAULT '[]'::jsonb NOT NULL,
    filed_from date,
    filed_until date,
    CONSTRAINT campaign_basis_known CHECK ((basis = ANY (ARRAY['public'::text, 'targeted'::text, 'sale'::text]))),
    CONSTRAINT campaign_dates CHECK ((ends_on >= starts_on)),
    CONSTRAINT campaign_filed_dates CHECK ((filed_until >= filed_from)),
    CONSTRAINT campaign_goal_positive CHECK ((goal > (0)::numeric)),
    CONSTRAINT campaign_kind_known CHECK ((kind = ANY (ARRAY['flexible'::text, 'all_or_nothing'::text]))),
    CONSTRAINT campaign_may_be_public CHECK (((state = 'draft'::text) OR (basis <> 'public'::text) OR ((host_id IS NOT NULL) AND (certificate <> ''::text) AND (filing_number <> ''::text) AND (filed_on IS NOT NULL) AND ((filed_on + 10) <= starts_on)))),
    CONSTRAINT campaign_minimum_positive CHECK ((minimum > (0)::numeric)),
    CONSTRAINT campaign_slug_form CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'::text)),
    CONSTRAINT campaign_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'closed'::text]))),
    CONSTRAINT campaign_stretch_is_a_list CHECK ((jsonb_typeof(stretch) = 'array'::text)),
    CONSTRAINT campaign_target_known CHECK ((target = ANY (ARRAY['own'::text, 'event'::text, 'project'::text, 'venture'::text, 'general'::text]))),
    CONSTRAINT campaign_title_form CHECK (((length(title_zh) >= 1) AND (length(title_zh) <= 80)))
);

COMMENT ON COLUMN campaigns.campaign.target IS 'own: a fund of the campaign''s own; event: such a fund too, for one day; else what its fund is of';

COMMENT ON COLUMN campaigns.campaign.stretch IS 'further goals: amount, title_zh, title_en, in ascending order';

COMMENT ON COLUMN campaigns.campaign.filed_from IS 'the days that the filed plan names; the campaign stays within them';

CREATE TABLE campaigns.conclusion (
    community_id integer NOT NULL,
    campaign_id integer NOT NULL,
    result text NOT NULL,
    raised numeric(18,2) NOT NULL,
    gifts integer NOT NULL,
    entry_seq bigint,
    concluded_by text NOT NULL,
    concluded_at timestamp with time zone NOT NULL,
    CONSTRAINT conclusion_met_is_booked CHECK (((result = 'met'::text) = (entry_seq IS NOT NULL))),
    CONSTRAINT conclusion_result_known CHECK ((result = ANY (ARRAY['met'::text, 'unmet'::text])))
);

COMMENT ON COLUMN campaigns.conclusion.raised IS 'when it was decided: what became income, or what goes back';

COMMENT ON COLUMN campaigns.conclusion.entry_seq IS 'the entry that moved the liability to income; null where the goal was not met';

CREATE TABLE campaigns.donation (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    campaign_id integer NOT NULL,
    donor_id uuid,
    state text DEFAULT 'pending'::text NOT NULL,
    amount numeric(18,2) NOT NULL,
    currency character(3) NOT NULL,
    method text NOT NULL,
    payee text DEFAULT ''::text NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    show_name boolean DEFAULT false NOT NULL,
    show_message boolean DEFAULT false NOT NULL,
    commitment bytea,
    entered_by text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    provider_ref text DEFAULT ''::text NOT NULL,
    entry_seq bigint,
    refunded numeric(18,2) DEFAULT 0 NOT NULL,
    line integer,
    CONSTRAINT donation_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT donation_method_form CHECK (((method ~ '^[a-z]+$'::text) AND ((length(method) >= 2) AND (length(method) <= 20)))),
    CONSTRAINT donation_paid_is_booked CHECK (((state = 'paid'::text) = (entry_seq IS NOT NULL))),
    CONSTRAINT donation_refund_within CHECK (((refunded >= (0)::numeric) AND (refunded <= amount))),
    CONSTRAINT donation_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'paid'::text, 'failed'::text, 'quarantined'::text])))
)
WITH (fillfactor='80');

CREATE TABLE campaigns.donor (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    lang text DEFAULT 'zh-CN'::text NOT NULL,
    salt bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    erased_at timestamp with time zone
);

CREATE TABLE campaigns.evidence (
    community_id integer NOT NULL,
    entry_seq bigint NOT NULL,
    picture_id uuid NOT NULL,
    caption text NOT NULL,
    digest bytea NOT NULL,
    added_by text NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    withdrawn_by text,
    withdrawn_at timestamp with time zone,
    CONSTRAINT evidence_digest_form CHECK ((length(digest) = 32)),
    CONSTRAINT evidence_has_a_caption CHECK (((length(caption) >= 1) AND (length(caption) <= 120))),
    CONSTRAINT evidence_withdrawn_whole CHECK (((withdrawn_by IS NULL) = (withdrawn_at IS NULL)))
);

COMMENT ON COLUMN campaigns.evidence.digest IS 'SHA-256 of the picture as it was shown';

CREATE TABLE campaigns.host (
    community_id integer NOT NULL,
    id integer NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    certificate text DEFAULT ''::text NOT NULL,
    certificate_from date,
    certificate_until date,
    CONSTRAINT host_certificate_dates CHECK ((certificate_until >= certificate_from))
);

COMMENT ON COLUMN campaigns.host.certificate IS '公开募捐资格证书 number; empty if the host has none';

COMMENT ON COLUMN campaigns.host.certificate_until IS 'the last day on which the certificate is valid; null where nobody has written it down yet';

CREATE TABLE campaigns.in_kind (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    fund_id integer NOT NULL,
    campaign_id integer,
    donor_id uuid,
    show_name boolean DEFAULT false NOT NULL,
    what_zh text NOT NULL,
    what_en text DEFAULT ''::text NOT NULL,
    value numeric(18,2),
    valued_by text DEFAULT ''::text NOT NULL,
    used boolean DEFAULT false NOT NULL,
    hours numeric(7,1),
    received_on date NOT NULL,
    entry_seq bigint,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    CONSTRAINT in_kind_goods_are_booked CHECK (((value IS NULL) = (entry_seq IS NULL))),
    CONSTRAINT in_kind_goods_or_hours CHECK (((value IS NULL) <> (hours IS NULL))),
    CONSTRAINT in_kind_hours_positive CHECK ((hours > (0)::numeric)),
    CONSTRAINT in_kind_says_what CHECK (((length(what_zh) >= 1) AND (length(what_zh) <= 80))),
    CONSTRAINT in_kind_somebody_valued CHECK (((value IS NULL) OR (valued_by <> ''::text))),
    CONSTRAINT in_kind_value_positive CHECK ((value > (0)::numeric))
);

COMMENT ON COLUMN campaigns.in_kind.used IS 'used up at once: an expense; else it lies in the stores: inventory';

CREATE TABLE campaigns.match (
    community_id integer NOT NULL,
    donation_id uuid NOT NULL,
    pool_id integer NOT NULL,
    giver text,
    amount numeric(18,2) NOT NULL,
    taken_back numeric(18,2) DEFAULT 0 NOT NULL,
    entry_seq bigint NOT NULL,
    CONSTRAINT match_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT match_taken_back_within CHECK (((taken_back >= (0)::numeric) AND (taken_back <= amount)))
);

COMMENT ON COLUMN campaigns.match.giver IS 'tells gifts of one person apart from others'' for the cap a person: a hash, forgotten with the donor';

CREATE TABLE campaigns.original (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    media text NOT NULL,
    caption text NOT NULL,
    pages integer NOT NULL,
    bytes bytea NOT NULL,
    digest bytea NOT NULL,
    added_by text NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT original_digest_of_its_bytes CHECK ((digest = sha256(bytes))),
    CONSTRAINT original_has_a_caption CHECK (((length(caption) >= 1) AND (length(caption) <= 120))),
    CONSTRAINT original_has_pages CHECK ((pages > 0)),
    CONSTRAINT original_media_known CHECK ((media = ANY (ARRAY['image/jpeg'::text, 'application/pdf'::text])))
);
ALTER TABLE ONLY campaigns.original ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE campaigns.picture (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    jpeg bytea NOT NULL,
    alt text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE campaigns.pool (
    community_id integer NOT NULL,
    id integer NOT NULL,
    fund_id integer NOT NULL,
    campaign_id integer,
    sponsor_zh text DEFAULT ''::text NOT NULL,
    sponsor_en text DEFAULT ''::text NOT NULL,
    rate integer DEFAULT 100 NOT NULL,
    donor_max numeric(18,2),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    rest_fund_id integer,
    laid numeric(18,2) NOT NULL,
    matched numeric(18,2) DEFAULT 0 NOT NULL,
    settled numeric(18,2) DEFAULT 0 NOT NULL,
    entry_seq bigint NOT NULL,
    opened_by text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_by text DEFAULT ''::text NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT pool_dates CHECK ((ends_on >= starts_on)),
    CONSTRAINT pool_donor_max_positive CHECK ((donor_max > (0)::numeric)),
    CONSTRAINT pool_laid_positive CHECK ((laid > (0)::numeric)),
    CONSTRAINT pool_not_overspent CHECK (((matched >= (0)::numeric) AND (settled >= (0)::numeric) AND ((matched + settled) <= laid))),
    CONSTRAINT pool_rate_sane CHECK (((rate >= 1) AND (rate <= 1000)))
);

COMMENT ON COLUMN campaigns.pool.campaign_id IS 'null: gifts to every campaign of the community are matched';

COMMENT ON COLUMN campaigns.pool.sponsor_zh IS 'as the sponsor wants to be named; empty if they do not';

COMMENT ON COLUMN campaigns.pool.rate IS 'percent of the gift: 100 doubles it';

COMMENT ON COLUMN campaigns.pool.rest_fund_id IS 'where the rest goes; null: back to the sponsor';

COMMENT ON COLUMN campaigns.pool.settled IS 'of the rest, what has gone there';

CREATE TABLE campaigns.quarantine (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    donation_id uuid,
    provider text NOT NULL,
    provider_ref text NOT NULL,
    reason text NOT NULL,
    amount numeric(18,2) NOT NULL,
    currency text NOT NULL,
    arrived_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by text DEFAULT ''::text NOT NULL,
    resolution text DEFAULT ''::text NOT NULL,
    action text DEFAULT ''::text NOT NULL,
    held_seq bigint,
    back_seq bigint,
    booked_as uuid,
    CONSTRAINT quarantine_action_known CHECK ((action = ANY (ARRAY[''::text, 'held'::text, 'booked'::text, 'sent_back'::text, 'noted'::text]))),
    CONSTRAINT quarantine_booked_is_a_gift CHECK (((action = 'booked'::text) = (booked_as IS NOT NULL))),
    CONSTRAINT quarantine_held_is_booked CHECK (((action <> 'held'::text) OR (held_seq IS NOT NULL))),
    CONSTRAINT quarantine_sent_back_is_booked CHECK (((action <> 'sent_back'::text) OR ((held_seq IS NOT NULL) AND (back_seq IS NOT NULL))))
);

COMMENT ON COLUMN campaigns.quarantine.held_seq IS 'the entry that put the money into suspense';

COMMENT ON COLUMN campaigns.quarantine.back_seq IS 'the entry that took it out again';

CREATE TABLE campaigns.refund (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    donation_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    reason text NOT NULL,
    entry_seq bigint NOT NULL,
    refunded_by text NOT NULL,
    refunded_at timestamp with time zone NOT NULL,
    CONSTRAINT refund_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT refund_has_a_reason CHECK (((length(reason) >= 1) AND (length(reason) <= 200)))
);

CREATE TABLE campaigns.refund_progress (
    community_id integer NOT NULL,
    refund_id uuid NOT NULL,
    state text NOT NULL,
    how text DEFAULT ''::text NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    done_by text DEFAULT ''::text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT progress_done_says_how CHECK ((((state = 'done'::text) = (how <> ''::text)) AND ((how = ANY (ARRAY['cash'::text, 'transfer'::text])) = (done_by <> ''::text)))),
    CONSTRAINT progress_how_known CHECK ((how = ANY (ARRAY[''::text, 'company'::text, 'cash'::text, 'transfer'::text]))),
    CONSTRAINT progress_state_known CHECK ((state = ANY (ARRAY['under_way'::text, 'refused'::text, 'done'::text])))
);

COMMENT ON TABLE campaigns.refund_progress IS 'no row: nobody has been asked yet; the refund itself and its entry never change';

CREATE TABLE campaigns.tally (
    community_id integer NOT NULL,
    campaign_id integer NOT NULL,
    raised numeric(18,2) DEFAULT 0 NOT NULL,
    gifts integer DEFAULT 0 NOT NULL,
    matched numeric(18,2) DEFAULT 0 NOT NULL,
    CONSTRAINT tally_matched_not_negative CHECK ((matched >= (0)::numeric))
);

COMMENT ON COLUMN campaigns.tally.raised IS 'by donations, less refunds; what pools added is in matched';

CREATE TABLE council.ballot (
    community_id integer NOT NULL,
    motion_id uuid NOT NULL,
    code bytea NOT NULL,
    choice text NOT NULL,
    CONSTRAINT ballot_choice_known CHECK ((choice = ANY (ARRAY['for'::text, 'against'::text, 'abstain'::text]))),
    CONSTRAINT ballot_code_form CHECK ((length(code) = 32))
);

CREATE TABLE council.comment (
    community_id integer NOT NULL,
    motion_id uuid NOT NULL,
    n integer NOT NULL,
    member integer NOT NULL,
    council_id integer NOT NULL,
    text text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT comment_text_form CHECK (((length(text) >= 1) AND (length(text) <= 1000)))
);

CREATE TABLE council.council (
    community_id integer NOT NULL,
    id integer NOT NULL,
    slug text NOT NULL,
    level text NOT NULL,
    parent_id integer,
    name_zh text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    founded_on date NOT NULL,
    CONSTRAINT council_has_a_parent CHECK (((level = 'community'::text) = (parent_id IS NULL))),
    CONSTRAINT council_level_known CHECK ((level = ANY (ARRAY['compound'::text, 'group'::text, 'community'::text]))),
    CONSTRAINT council_name_form CHECK (((length(name_zh) >= 1) AND (length(name_zh) <= 40))),
    CONSTRAINT council_slug_form CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'::text))
);

CREATE TABLE council.member (
    community_id integer NOT NULL,
    council_id integer NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    office text DEFAULT ''::text NOT NULL,
    user_subject text DEFAULT ''::text NOT NULL,
    from_on date NOT NULL,
    until_on date NOT NULL,
    CONSTRAINT member_name_form CHECK (((length(name) >= 1) AND (length(name) <= 40))),
    CONSTRAINT member_office_known CHECK ((office = ANY (ARRAY[''::text, 'chair'::text, 'secretary'::text]))),
    CONSTRAINT member_term CHECK ((until_on >= from_on))
);

COMMENT ON COLUMN council.member.user_subject IS 'whose log-in votes for the seat; empty: on paper alone';

CREATE TABLE council.minuted (
    community_id integer NOT NULL,
    motion_id uuid NOT NULL,
    council_id integer NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL
);

CREATE TABLE council.minutes (
    community_id integer NOT NULL,
    council_id integer NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    held_on date NOT NULL,
    body text NOT NULL,
    hash bytea NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT minutes_hash_of_body CHECK ((hash = sha256(convert_to(body, 'UTF8'::name)))),
    CONSTRAINT minutes_made_by_somebody CHECK ((made_by <> ''::text)),
    CONSTRAINT minutes_number_positive CHECK ((number > 0))
);

COMMENT ON COLUMN council.minutes.body IS 'all that the paper says, as JSON; the hash is of these bytes';

CREATE TABLE council.moved (
    community_id integer NOT NULL,
    entry_seq bigint NOT NULL
);

CREATE TABLE council.paper (
    community_id integer NOT NULL,
    motion_id uuid NOT NULL,
    n integer NOT NULL,
    title text NOT NULL,
    media text NOT NULL,
    content bytea NOT NULL,
    added_by text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT paper_content_form CHECK (((length(content) >= 1) AND (length(content) <= 5000000))),
    CONSTRAINT paper_media_known CHECK ((media = 'application/pdf'::text)),
    CONSTRAINT paper_title_form CHECK (((length(title) >= 1) AND (length(title) <= 80)))
);

CREATE TABLE council.paper_count (
    community_id integer NOT NULL,
    motion_id uuid NOT NULL,
    round integer NOT NULL,
    counted_by text NOT NULL,
    in_favour integer NOT NULL,
    against integer NOT NULL,
    abstained integer NOT NULL,
    spoilt integer NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    agreed boolean,
    CONSTRAINT paper_count_by_somebody CHECK ((counted_by <> ''::text)),
    CONSTRAINT paper_count_not_negative CHECK ((LEAST(in_favour, against, abstained, spoilt) >= 0))
);

COMMENT ON COLUMN council.paper_count.agreed IS 'null for the first of a round; whether the second found the same';

CREATE TABLE council.result (
    community_id integer NOT NULL,
    motion_id uuid NOT NULL,
    members integer NOT NULL,
    conflicted integer NOT NULL,
    counted_of integer NOT NULL,
    needed integer NOT NULL,
    present integer NOT NULL,
    online integer NOT NULL,
    paper integer NOT NULL,
    in_favour integer NOT NULL,
    against integer NOT NULL,
    abstained integer NOT NULL,
    spoilt integer NOT NULL,
    to_pass integer NOT NULL,
    outcome text NOT NULL,
    closed_by text NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    CONSTRAINT result_closed_by_somebody CHECK ((closed_by <> ''::text)),
    CONSTRAINT result_outcome_known CHECK ((outcome = ANY (ARRAY['passed'::text, 'failed'::text, 'no_quorum'::text])))
);

COMMENT ON COLUMN council.result.counted_of IS 'those a quorum is a share of';

COMMENT ON COLUMN council.result.needed IS 'so many of them had to take part';

COMMENT ON COLUMN council.result.to_pass IS 'so many votes in favour were needed, of the valid ones, abstentions among them';

CREATE TABLE council.roll (
    community_id integer NOT NULL,
    motion_id uuid NOT NULL,
    council_id integer NOT NULL,
    member integer NOT NULL,
    way text,
    choice text,
    voted_on date,
    conflict text DEFAULT ''::text NOT NULL,
    CONSTRAINT roll_choice_known CHECK ((choice = ANY (ARRAY['for'::text, 'against'::text, 'abstain'::text]))),
    CONSTRAINT roll_choice_online CHECK (((choice IS NULL) OR (NOT (way IS DISTINCT FROM 'online'::text)))),
    CONSTRAINT roll_conflict_form CHECK ((length(conflict) <= 200)),
    CONSTRAINT roll_voted_on_a_day CHECK (((way IS NULL) = (voted_on IS NULL))),
    CONSTRAINT roll_way_known CHECK ((way = ANY (ARRAY['online'::text, 'paper'::text]))),
    CONSTRAINT vote_without_conflict CHECK (((way IS NULL) OR (conflict = ''::text)))
);

CREATE TABLE council.rule (
    community_id integer NOT NULL,
    council_id integer NOT NULL,
    n integer NOT NULL,
    quorum_num integer NOT NULL,
    quorum_den integer NOT NULL,
    majority_num integer NOT NULL,
    majority_den integer NOT NULL,
    majority_over boolean NOT NULL,
    secret boolean NOT NULL,
    conflicted_count boolean NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT rule_majority_is_a_share CHECK ((((majority_num >= 1) AND (majority_num <= majority_den)) AND (majority_den <= 100) AND ((majority_num < majority_den) OR (NOT majority_over)))),
    CONSTRAINT rule_quorum_is_a_share CHECK ((((quorum_num >= 1) AND (quorum_num <= quorum_den)) AND (quorum_den <= 100))),
    CONSTRAINT rule_set_by_somebody CHECK ((set_by <> ''::text))
);

COMMENT ON COLUMN council.rule.majority_over IS 'true: more than that share of the valid votes; false: that share or more';

COMMENT ON COLUMN council.rule.conflicted_count IS 'whether who declared a conflict is still one of those a quorum is counted of';

CREATE TABLE council.signature (
    community_id integer NOT NULL,
    council_id integer NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    member integer NOT NULL,
    signed_by text NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    CONSTRAINT signature_by_somebody CHECK ((signed_by <> ''::text))
);

CREATE TABLE council.use (
    community_id integer NOT NULL,
    entry_seq bigint NOT NULL,
    motion_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    CONSTRAINT use_not_zero CHECK ((amount <> (0)::numeric))
);

CREATE TABLE disclosure.counter (
    community_id integer NOT NULL,
    year integer NOT NULL,
    last_number integer NOT NULL
);

CREATE TABLE disclosure.document (
    community_id integer NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    version integer NOT NULL,
    duty text NOT NULL,
    subject_kind text NOT NULL,
    subject_id integer NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    due_on date,
    published_on date NOT NULL,
    published_at timestamp with time zone NOT NULL,
    published_by text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    as_of bigint NOT NULL,
    content jsonb NOT NULL,
    written_in xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT document_as_of_not_negative CHECK ((as_of >= 0)),
    CONSTRAINT document_correction_says_what CHECK (((version = 1) = (note = ''::text))),
    CONSTRAINT document_duty_form CHECK ((duty ~ '^[a-z]+(\.[a-z0-9-]+)*$'::text)),
    CONSTRAINT document_number_positive CHECK ((number > 0)),
    CONSTRAINT document_subject_known CHECK ((subject_kind = ANY (ARRAY['community'::text, 'campaign'::text, 'project'::text, 'venture'::text, 'event'::text]))),
    CONSTRAINT document_version_positive CHECK ((version > 0)),
    CONSTRAINT document_year_of_first CHECK (((version > 1) OR ((year)::numeric = EXTRACT(year FROM published_on))))
);

COMMENT ON COLUMN disclosure.document.note IS 'of a correction: what changed (民政部令第81号 Art. 16)';

COMMENT ON COLUMN disclosure.document.as_of IS 'the seq of the last journal entry that its figures count';

COMMENT ON COLUMN disclosure.document.written_in IS 'the database transaction that published it, in which its drawings are kept too, and never later';

CREATE TABLE disclosure.draft (
    community_id integer NOT NULL,
    duty text NOT NULL,
    texts jsonb NOT NULL,
    saved_by text NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    CONSTRAINT draft_duty_form CHECK ((duty ~ '^[a-z]+(\.[a-z0-9-]+)*$'::text))
);

CREATE TABLE disclosure.drawing (
    community_id integer NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    version integer NOT NULL,
    lang text NOT NULL,
    value bytea NOT NULL,
    value_sha256 bytea GENERATED ALWAYS AS (sha256(value)) STORED NOT NULL,
    pages integer NOT NULL,
    pdf bytea NOT NULL,
    pdf_sha256 bytea GENERATED ALWAYS AS (sha256(pdf)) STORED NOT NULL,
    CONSTRAINT drawing_lang_known CHECK ((lang = ANY (ARRAY['zh-CN'::text, 'en'::text]))),
    CONSTRAINT drawing_pages_positive CHECK ((pages > 0))
);
ALTER TABLE ONLY disclosure.drawing ALTER COLUMN pdf SET STORAGE EXTERNAL;

COMMENT ON COLUMN disclosure.drawing.value IS 'the whole value as JSON: which of web/pdf''s documents it is says the kind in the document''s content';

CREATE TABLE disclosure.event (
    community_id integer NOT NULL,
    id integer NOT NULL,
    title_zh text NOT NULL,
    title_en text DEFAULT ''::text NOT NULL,
    happened_on date NOT NULL,
    noted_by text NOT NULL,
    noted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT event_title_form CHECK (((length(title_zh) >= 1) AND (length(title_zh) <= 80)))
);

CREATE TABLE disclosure.feed (
    community_id integer NOT NULL,
    user_id uuid NOT NULL,
    token text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT feed_token_form CHECK ((token ~ '^[a-z2-7]{26}$'::text))
);

CREATE TABLE giver.consent (
    community_id integer NOT NULL,
    donation_id uuid NOT NULL,
    number integer NOT NULL,
    what text NOT NULL,
    given boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT consent_number_positive CHECK ((number > 0)),
    CONSTRAINT consent_what_known CHECK ((what = ANY (ARRAY['name'::text, 'message'::text])))
);

CREATE TABLE giver.link (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    purpose text NOT NULL,
    donor_id uuid,
    address text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT link_address_of_its_purpose CHECK (((address = ''::text) OR (purpose = 'address'::text))),
    CONSTRAINT link_purpose_known CHECK ((purpose = ANY (ARRAY['enter'::text, 'address'::text])))
);

COMMENT ON COLUMN giver.link.donor_id IS 'one of the donor rows with the address; null where nobody has it, so that asking costs the same either way';

COMMENT ON COLUMN giver.link.address IS 'the address to change to, until it is confirmed';

CREATE TABLE giver.refund_request (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    donation_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    state text DEFAULT 'asked'::text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answer text DEFAULT ''::text NOT NULL,
    answered_by text DEFAULT ''::text NOT NULL,
    answered_at timestamp with time zone,
    CONSTRAINT refund_request_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT refund_request_answer_length CHECK ((length(answer) <= 200)),
    CONSTRAINT refund_request_declined_why CHECK (((state <> 'declined'::text) OR (answer <> ''::text))),
    CONSTRAINT refund_request_is_answered CHECK (((state = 'asked'::text) = (answered_at IS NULL))),
    CONSTRAINT refund_request_reason_length CHECK ((length(reason) <= 200)),
    CONSTRAINT refund_request_state_known CHECK ((state = ANY (ARRAY['asked'::text, 'approved'::text, 'declined'::text])))
);

COMMENT ON COLUMN giver.refund_request.reason IS 'the giver''s own words: emptied when they are erased';

CREATE TABLE giver.refund_rule (
    community_id integer NOT NULL,
    campaign_id integer NOT NULL,
    kind text NOT NULL,
    days integer DEFAULT 0 NOT NULL,
    CONSTRAINT refund_rule_days_range CHECK (((days >= 0) AND (days <= 365))),
    CONSTRAINT refund_rule_days_said CHECK (((kind = 'days'::text) = (days > 0))),
    CONSTRAINT refund_rule_kind_known CHECK ((kind = ANY (ARRAY['none'::text, 'days'::text, 'unspent'::text])))
);

CREATE TABLE giver.session (
    community_id integer NOT NULL,
    token_hash bytea NOT NULL,
    donor_id uuid,
    donation_id uuid,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT session_hash_form CHECK ((length(token_hash) = 32)),
    CONSTRAINT session_of_a_mail_or_a_gift CHECK (((donor_id IS NULL) <> (donation_id IS NULL)))
);

CREATE TABLE ledger.account (
    community_id integer NOT NULL,
    id integer NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    type text NOT NULL,
    purpose text,
    closed_at timestamp with time zone,
    CONSTRAINT account_code_form CHECK ((code ~ '^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$'::text)),
    CONSTRAINT account_purpose_form CHECK ((purpose ~ '^[a-z][a-z_]*$'::text)),
    CONSTRAINT account_type_known CHECK ((type = ANY (ARRAY['asset'::text, 'liability'::text, 'net_assets'::text, 'income'::text, 'expense'::text])))
);

COMMENT ON COLUMN ledger.account.purpose IS 'how verbs find the account: cash, bank, sandbox_clearing, donation_income, …; one account each';

CREATE TABLE ledger.balance (
    community_id integer NOT NULL,
    account_id integer NOT NULL,
    fund_id integer NOT NULL,
    month date NOT NULL,
    debit numeric(18,2) NOT NULL,
    credit numeric(18,2) NOT NULL
);

CREATE TABLE ledger.book (
    community_id integer NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL,
    net_assets numeric(18,2) DEFAULT 0 NOT NULL
);

CREATE TABLE ledger.book_year (
    community_id integer NOT NULL,
    year integer NOT NULL,
    last_number integer NOT NULL
);

CREATE TABLE ledger.cash_deposit (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    slip text NOT NULL,
    amount numeric(18,2) NOT NULL,
    expected numeric(18,2) NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    deposited_on date NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    entry_seq bigint NOT NULL,
    arrived_seq bigint,
    arrived_by text DEFAULT ''::text NOT NULL,
    arrived_at timestamp with time zone,
    CONSTRAINT deposit_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT deposit_arrived_is_booked CHECK (((arrived_at IS NULL) = (arrived_seq IS NULL))),
    CONSTRAINT deposit_difference_explained CHECK (((amount = expected) OR (reason <> ''::text))),
    CONSTRAINT deposit_slip_said CHECK (((length(slip) >= 1) AND (length(slip) <= 40)))
);

COMMENT ON TABLE ledger.cash_deposit IS 'cash handed in at the bank under a slip, on its way until it stands on the bank''s statement';

CREATE TABLE ledger.closing (
    community_id integer NOT NULL,
    month date NOT NULL,
    number integer NOT NULL,
    items jsonb DEFAULT '[]'::jsonb NOT NULL,
    closed_by text NOT NULL,
    closed_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN ledger.closing.number IS '1, and one more each time the month is closed again after a reopening';

CREATE TABLE ledger.community (
    id integer NOT NULL,
    slug text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    place_zh text DEFAULT ''::text NOT NULL,
    place_en text DEFAULT ''::text NOT NULL,
    address_zh text DEFAULT ''::text NOT NULL,
    address_en text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    currency character(3) DEFAULT 'CNY'::bpchar NOT NULL,
    standard text NOT NULL,
    timezone text DEFAULT 'Asia/Shanghai'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT community_id_positive CHECK ((id > 0)),
    CONSTRAINT community_slug_form CHECK ((slug ~ '^[a-z][a-z0-9-]{1,39}$'::text))
);

CREATE TABLE ledger.fund (
    community_id integer NOT NULL,
    id integer NOT NULL,
    code text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    kind text NOT NULL,
    restricted boolean NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT fund_code_form CHECK ((code ~ '^[0-9A-Za-z][0-9A-Za-z._-]{0,59}$'::text)),
    CONSTRAINT fund_kind_known CHECK ((kind = ANY (ARRAY['general'::text, 'campaign'::text, 'project'::text, 'venture'::text, 'pool'::text])))
);

CREATE TABLE ledger.fund_balance (
    community_id integer NOT NULL,
    fund_id integer NOT NULL,
    restricted boolean NOT NULL,
    net_assets numeric(18,2) NOT NULL,
    CONSTRAINT fund_not_overspent CHECK (((NOT restricted) OR (net_assets >= (0)::numeric)))
);

CREATE TABLE ledger.fund_loan (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    from_fund integer NOT NULL,
    to_fund integer NOT NULL,
    account_id integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    lent_on date NOT NULL,
    due_on date,
    why text NOT NULL,
    entry_seq bigint NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT fund_loan_has_a_reason CHECK (((length(why) >= 1) AND (length(why) <= 200))),
    CONSTRAINT fund_loan_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT fund_loan_two_funds CHECK ((from_fund <> to_fund))
);

COMMENT ON COLUMN ledger.fund_loan.account_id IS 'where the money lies that changed its fund: bank or cash';

CREATE TABLE ledger.fund_repayment (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    loan_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    repaid_on date NOT NULL,
    entry_seq bigint NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT fund_repayment_positive CHECK ((amount > (0)::numeric))
);

CREATE TABLE ledger.journal_entry (
    community_id integer NOT NULL,
    seq bigint NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    entry_date date NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    source text NOT NULL,
    memo text NOT NULL,
    detail text NOT NULL,
    posted_by text NOT NULL,
    reverses_seq bigint,
    commitment bytea,
    posting_count smallint NOT NULL,
    income numeric(18,2) NOT NULL,
    expense numeric(18,2) NOT NULL,
    net_after numeric(18,2) NOT NULL,
    CONSTRAINT entry_commitment_form CHECK ((length(commitment) = 32)),
    CONSTRAINT entry_detail_form CHECK (((length(detail) <= 200) AND (detail !~ '[[:cntrl:]]'::text))),
    CONSTRAINT entry_has_two_postings CHECK ((posting_count >= 2)),
    CONSTRAINT entry_kind_form CHECK (((kind ~ '^[a-z][a-z_]+$'::text) AND (length(kind) <= 31))),
    CONSTRAINT entry_memo_form CHECK ((((length(memo) >= 1) AND (length(memo) <= 200)) AND (memo !~ '[[:cntrl:]]'::text))),
    CONSTRAINT entry_posted_by_form CHECK (((posted_by ~ '^[!-~]+$'::text) AND (length(posted_by) <= 60))),
    CONSTRAINT entry_seq_positive CHECK (((seq > 0) AND (number > 0))),
    CONSTRAINT entry_source_form CHECK (((source ~ '^[a-z_]+:[!-~]+$'::text) AND (length(source) <= 120))),
    CONSTRAINT entry_year_end CHECK (((kind <> 'year_end'::text) OR (entry_date = make_date(year, 12, 31)))),
    CONSTRAINT entry_year_of_date CHECK ((((year)::numeric = EXTRACT(year FROM entry_date)) AND ((year >= 1900) AND (year <= 9999))))
);

COMMENT ON TABLE ledger.journal_entry IS '记账凭证: dated, numbered without gaps within a community and year, immutable once posted';

COMMENT ON COLUMN ledger.journal_entry.seq IS 'position in the order of posting; its leaf in the Merkle log has index seq - 1';

COMMENT ON COLUMN ledger.journal_entry.commitment IS 'salted hash of the donor, never the name';

COMMENT ON COLUMN ledger.journal_entry.net_after IS 'net assets of the whole book after this entry, in posting order';

CREATE TABLE ledger.month_tally (
    community_id integer NOT NULL,
    month date NOT NULL,
    entries integer NOT NULL
);

CREATE TABLE ledger.period (
    community_id integer NOT NULL,
    month date NOT NULL,
    closed_at timestamp with time zone,
    closed_by text,
    note text DEFAULT ''::text NOT NULL,
    reopening_id integer,
    CONSTRAINT period_is_a_month CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);

COMMENT ON COLUMN ledger.period.reopening_id IS 'by which agreement it was opened again last';

CREATE TABLE ledger.posting (
    community_id integer NOT NULL,
    seq bigint NOT NULL,
    line smallint NOT NULL,
    posting_count smallint NOT NULL,
    entry_date date NOT NULL,
    account_id integer NOT NULL,
    fund_id integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    CONSTRAINT posting_line_in_count CHECK (((line >= 1) AND (line <= posting_count))),
    CONSTRAINT posting_not_zero CHECK ((amount <> (0)::numeric))
);

COMMENT ON COLUMN ledger.posting.amount IS 'signed: a debit is positive, a credit negative';

CREATE TABLE ledger.reopening (
    community_id integer NOT NULL,
    id integer NOT NULL,
    month date NOT NULL,
    note text NOT NULL,
    asked_by text NOT NULL,
    asked_role text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    agreed_by text,
    agreed_role text,
    agreed_at timestamp with time zone,
    CONSTRAINT reopening_agreed_whole CHECK ((((agreed_by IS NULL) = (agreed_at IS NULL)) AND ((agreed_role IS NULL) = (agreed_at IS NULL)))),
    CONSTRAINT reopening_by_two CHECK ((agreed_by <> asked_by)),
    CONSTRAINT reopening_in_time CHECK (((agreed_at >= asked_at) AND (agreed_at <= (asked_at + '7 days'::interval)))),
    CONSTRAINT reopening_is_of_a_month CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT reopening_note_form CHECK ((((length(btrim(note)) >= 1) AND (length(btrim(note)) <= 200)) AND (note !~ '[[:cntrl:]]'::text)))
);

COMMENT ON TABLE ledger.reopening IS 'a request to open a closed month again; without agreed_at it waits, or has lapsed';

CREATE TABLE ledger.template (
    community_id integer NOT NULL,
    id integer NOT NULL,
    name text NOT NULL,
    memo text DEFAULT ''::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT template_has_a_name CHECK (((length(name) >= 1) AND (length(name) <= 60)))
);

CREATE TABLE ledger.template_line (
    community_id integer NOT NULL,
    template_id integer NOT NULL,
    line integer NOT NULL,
    account_id integer NOT NULL,
    fund_id integer NOT NULL,
    debit boolean NOT NULL,
    amount numeric(18,2),
    CONSTRAINT template_amount_positive CHECK ((amount > (0)::numeric))
);

COMMENT ON COLUMN ledger.template_line.amount IS 'NULL where it is another every time';

CREATE TABLE ledger.year_end (
    community_id integer NOT NULL,
    account_id integer NOT NULL,
    fund_id integer NOT NULL,
    month date NOT NULL,
    debit numeric(18,2) NOT NULL,
    credit numeric(18,2) NOT NULL,
    CONSTRAINT year_end_in_december CHECK ((EXTRACT(month FROM month) = (12)::numeric))
);

CREATE VIEW ledger.turnover AS
 SELECT b.community_id,
    b.account_id,
    b.fund_id,
    b.month,
    (b.debit - COALESCE(y.debit, 0.00)) AS debit,
    (b.credit - COALESCE(y.credit, 0.00)) AS credit
   FROM (ledger.balance b
     LEFT JOIN ledger.year_end y ON (((y.community_id = b.community_id) AND (y.account_id = b.account_id) AND (y.fund_id = b.fund_id) AND (y.month = b.month))));

COMMENT ON VIEW ledger.turnover IS 'what moved, without the entries that close a year';

CREATE TABLE mail.delivery (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    recipient text NOT NULL,
    state text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    attempts integer DEFAULT 1 NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT delivery_kind_said CHECK ((kind <> ''::text)),
    CONSTRAINT delivery_reason_short CHECK ((length(reason) <= 500)),
    CONSTRAINT delivery_state_known CHECK ((state = ANY (ARRAY['sent'::text, 'waiting'::text, 'refused'::text])))
);

COMMENT ON COLUMN mail.delivery.state IS 'waiting: a later attempt may help; refused: none will';

CREATE TABLE mail.kept (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    plain text NOT NULL,
    html text NOT NULL,
    raw bytea NOT NULL
);

CREATE TABLE mail.reply_to (
    community_id integer NOT NULL,
    address text NOT NULL,
    CONSTRAINT reply_to_form CHECK ((address ~ '^[^[:space:]<>@]+@[^[:space:]<>@]+$'::text))
);

CREATE TABLE mutualaid.card (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    person_id integer NOT NULL,
    category text NOT NULL,
    what text NOT NULL,
    place text NOT NULL,
    weekdays smallint NOT NULL,
    parts smallint NOT NULL,
    until date NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    moved_by text DEFAULT ''::text NOT NULL,
    CONSTRAINT card_category_known CHECK ((category = ANY (ARRAY['company'::text, 'errands'::text, 'repairs'::text, 'care'::text, 'cooking'::text, 'lessons'::text, 'phones'::text, 'various'::text]))),
    CONSTRAINT card_declined_with_a_reason CHECK (((state <> 'declined'::text) OR (why <> ''::text))),
    CONSTRAINT card_kind_known CHECK ((kind = ANY (ARRAY['offer'::text, 'need'::text]))),
    CONSTRAINT card_parts_form CHECK (((parts >= 1) AND (parts <= 7))),
    CONSTRAINT card_place_form CHECK (((length(place) >= 1) AND (length(place) <= 40))),
    CONSTRAINT card_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'open'::text, 'met'::text, 'declined'::text, 'withdrawn'::text]))),
    CONSTRAINT card_weekdays_form CHECK (((weekdays >= 1) AND (weekdays <= 127))),
    CONSTRAINT card_what_form CHECK (((length(what) >= 1) AND (length(what) <= 120)))
);

COMMENT ON COLUMN mutualaid.card.weekdays IS 'bit 0 is Monday';

COMMENT ON COLUMN mutualaid.card.parts IS '1 morning, 2 afternoon, 4 evening';

COMMENT ON COLUMN mutualaid.card.until IS 'the last day on which it holds';

CREATE TABLE mutualaid.engagement (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    need_id uuid NOT NULL,
    offer_id uuid,
    helper_id integer NOT NULL,
    helped_id integer NOT NULL,
    on_day date NOT NULL,
    part smallint NOT NULL,
    planned integer NOT NULL,
    state text DEFAULT 'proposed'::text NOT NULL,
    helper_agrees boolean DEFAULT false NOT NULL,
    helped_agrees boolean DEFAULT false NOT NULL,
    helper_minutes integer,
    helped_minutes integer,
    thanks text DEFAULT ''::text NOT NULL,
    CONSTRAINT engagement_agreed_by_both CHECK (((state <> ALL (ARRAY['agreed'::text, 'done'::text])) OR (helper_agrees AND helped_agrees))),
    CONSTRAINT engagement_done_as_both_say CHECK (((state <> 'done'::text) OR ((helper_minutes IS NOT NULL) AND (helped_minutes IS NOT NULL) AND (helper_minutes = helped_minutes)))),
    CONSTRAINT engagement_helped_minutes_form CHECK ((((helped_minutes >= 15) AND (helped_minutes <= 720)) AND ((helped_minutes % 15) = 0))),
    CONSTRAINT engagement_helper_minutes_form CHECK ((((helper_minutes >= 15) AND (helper_minutes <= 720)) AND ((helper_minutes % 15) = 0))),
    CONSTRAINT engagement_of_two_people CHECK ((helper_id <> helped_id)),
    CONSTRAINT engagement_part_known CHECK ((part = ANY (ARRAY[1, 2, 4]))),
    CONSTRAINT engagement_planned_form CHECK (((planned >= 15) AND (planned <= 720))),
    CONSTRAINT engagement_state_known CHECK ((state = ANY (ARRAY['proposed'::text, 'agreed'::text, 'done'::text, 'declined'::text, 'called_off'::text]))),
    CONSTRAINT engagement_thanks_form CHECK ((length(thanks) <= 120))
);

CREATE TABLE mutualaid.hour_entry (
    community_id integer NOT NULL,
    number integer NOT NULL,
    entry_date date NOT NULL,
    kind text NOT NULL,
    category text NOT NULL,
    source text NOT NULL,
    memo text DEFAULT ''::text NOT NULL,
    posted_by text NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    reverses integer,
    CONSTRAINT hour_entry_has_a_source CHECK ((source <> ''::text)),
    CONSTRAINT hour_entry_kind_known CHECK ((kind = ANY (ARRAY['help'::text, 'shift'::text, 'reversal'::text]))),
    CONSTRAINT hour_entry_posted_by_somebody CHECK ((posted_by <> ''::text))
);

CREATE TABLE mutualaid.hour_posting (
    community_id integer NOT NULL,
    number integer NOT NULL,
    line smallint NOT NULL,
    person_id integer,
    minutes integer NOT NULL,
    CONSTRAINT hour_posting_not_zero CHECK ((minutes <> 0))
);

COMMENT ON COLUMN mutualaid.hour_posting.person_id IS 'NULL is the community itself';

COMMENT ON COLUMN mutualaid.hour_posting.minutes IS 'positive (debit) received, negative (credit) given; 60 are one HOUR';

CREATE VIEW mutualaid.hour AS
 SELECT e.community_id,
    e.number,
    e.entry_date,
    e.kind,
    e.category,
    p.person_id,
    p.minutes
   FROM (mutualaid.hour_entry e
     JOIN mutualaid.hour_posting p ON (((p.community_id = e.community_id) AND (p.number = e.number))))
  WHERE ((e.reverses IS NULL) AND (NOT (EXISTS ( SELECT
           FROM mutualaid.hour_entry r
          WHERE ((r.community_id = e.community_id) AND (r.reverses = e.number))))));

CREATE TABLE mutualaid.hour_book (
    community_id integer NOT NULL,
    last_number integer NOT NULL
);

CREATE TABLE mutualaid.person (
    community_id integer NOT NULL,
    id integer NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    token text NOT NULL,
    entered_by text DEFAULT ''::text NOT NULL,
    since timestamp with time zone NOT NULL,
    invited_by text DEFAULT ''::text NOT NULL,
    invited_at timestamp with time zone,
    erased_at timestamp with time zone,
    CONSTRAINT person_can_be_called CHECK (((phone = ''::text) = (erased_at IS NOT NULL))),
    CONSTRAINT person_invited_by_somebody CHECK (((invited_by = ''::text) = (invited_at IS NULL))),
    CONSTRAINT person_name_form CHECK (((length(name) >= 1) AND (length(name) <= 40))),
    CONSTRAINT person_token_form CHECK ((token ~ '^[a-z2-7]{26}$'::text))
);

COMMENT ON COLUMN mutualaid.person.entered_by IS 'who wrote the person down at the centre; empty where they did it on the web page';

CREATE TABLE mutualaid.register (
    community_id integer NOT NULL,
    last_person integer NOT NULL
);

COMMENT ON TABLE mutualaid.register IS 'numbers people, without two residents at once getting one number';

CREATE TABLE mutualaid.step (
    community_id integer NOT NULL,
    engagement_id uuid NOT NULL,
    n integer NOT NULL,
    side text NOT NULL,
    said text NOT NULL,
    minutes integer,
    note text DEFAULT ''::text NOT NULL,
    through text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT step_said_known CHECK ((said = ANY (ARRAY['proposed'::text, 'yes'::text, 'no'::text, 'time'::text, 'called_off'::text]))),
    CONSTRAINT step_side_known CHECK ((side = ANY (ARRAY['helper'::text, 'helped'::text, 'staff'::text])))
);

CREATE TABLE organisation.activity (
    community_id integer NOT NULL,
    organisation_id integer NOT NULL,
    n integer NOT NULL,
    held_on date NOT NULL,
    what_zh text NOT NULL,
    what_en text DEFAULT ''::text NOT NULL,
    people integer NOT NULL,
    points integer DEFAULT 0 NOT NULL,
    rule_n integer,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    withdrawn_by text DEFAULT ''::text NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_why text DEFAULT ''::text NOT NULL,
    CONSTRAINT activity_entered_by_somebody CHECK ((entered_by <> ''::text)),
    CONSTRAINT activity_people_form CHECK (((people >= 0) AND (people <= 9999))),
    CONSTRAINT activity_what_form CHECK (((length(what_zh) >= 1) AND (length(what_zh) <= 60))),
    CONSTRAINT activity_withdrawn_with_a_reason CHECK ((((withdrawn_at IS NULL) = (withdrawn_by = ''::text)) AND ((withdrawn_at IS NULL) = (withdrawn_why = ''::text))))
);

COMMENT ON COLUMN organisation.activity.people IS 'who came or was served; who came twice counts twice';

COMMENT ON COLUMN organisation.activity.points IS 'by the rule of its day, given by the database';

CREATE TABLE organisation.agreement (
    community_id integer NOT NULL,
    id integer NOT NULL,
    organisation_id integer NOT NULL,
    title_zh text NOT NULL,
    title_en text DEFAULT ''::text NOT NULL,
    payer text DEFAULT ''::text NOT NULL,
    subsidy numeric(18,2) NOT NULL,
    fund_id integer NOT NULL,
    begins_on date NOT NULL,
    ends_on date NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    CONSTRAINT agreement_dates CHECK ((ends_on >= begins_on)),
    CONSTRAINT agreement_entered_by_somebody CHECK ((entered_by <> ''::text)),
    CONSTRAINT agreement_subsidy_from_somebody CHECK (((subsidy = (0)::numeric) OR (payer <> ''::text))),
    CONSTRAINT agreement_subsidy_not_negative CHECK ((subsidy >= (0)::numeric)),
    CONSTRAINT agreement_title_form CHECK (((length(title_zh) >= 1) AND (length(title_zh) <= 80)))
);

COMMENT ON COLUMN organisation.agreement.payer IS 'who gives the subsidy: 街道办事处';

COMMENT ON COLUMN organisation.agreement.subsidy IS 'the most that may be released';

CREATE TABLE organisation.contact (
    community_id integer NOT NULL,
    organisation_id integer NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    CONSTRAINT contact_name_form CHECK (((length(name) >= 1) AND (length(name) <= 40))),
    CONSTRAINT contact_phone_form CHECK (((length(phone) >= 3) AND (length(phone) <= 30)))
);

CREATE TABLE organisation.invoice (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    agreement_id integer NOT NULL,
    billed_to text NOT NULL,
    amount numeric(18,2) NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    issued_by text NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    void_at timestamp with time zone,
    void_by text DEFAULT ''::text NOT NULL,
    void_why text DEFAULT ''::text NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT invoice_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT invoice_billed_to_somebody CHECK ((((billed_to = ''::text) = (erased_at IS NOT NULL)) AND (length(billed_to) <= 60))),
    CONSTRAINT invoice_due CHECK ((due_on >= issued_on)),
    CONSTRAINT invoice_issued_by_somebody CHECK ((issued_by <> ''::text)),
    CONSTRAINT invoice_void_with_a_reason CHECK (((void_at IS NULL) = (void_why = ''::text)))
);

CREATE TABLE organisation.invoice_book (
    community_id integer NOT NULL,
    year integer NOT NULL,
    last_number integer NOT NULL
);

CREATE TABLE organisation.item (
    community_id integer NOT NULL,
    agreement_id integer NOT NULL,
    n integer NOT NULL,
    name_zh text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    unit_zh text NOT NULL,
    unit_en text DEFAULT ''::text NOT NULL,
    price numeric(18,2) NOT NULL,
    subsidy numeric(18,2) NOT NULL,
    CONSTRAINT item_name_form CHECK (((length(name_zh) >= 1) AND (length(name_zh) <= 40))),
    CONSTRAINT item_price_not_negative CHECK ((price >= (0)::numeric)),
    CONSTRAINT item_subsidy_not_negative CHECK ((subsidy >= (0)::numeric)),
    CONSTRAINT item_unit_form CHECK (((length(unit_zh) >= 1) AND (length(unit_zh) <= 10)))
);

COMMENT ON COLUMN organisation.item.price IS 'what is billed for one unit';

COMMENT ON COLUMN organisation.item.subsidy IS 'what of the subsidy one unit delivered releases';

CREATE TABLE organisation.member_count (
    community_id integer NOT NULL,
    organisation_id integer NOT NULL,
    counted_on date NOT NULL,
    members integer NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    CONSTRAINT member_count_form CHECK (((members >= 0) AND (members <= 99999)))
);

CREATE TABLE organisation.organisation (
    community_id integer NOT NULL,
    id integer NOT NULL,
    kind text NOT NULL,
    slug text NOT NULL,
    name_zh text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    theme text NOT NULL,
    about_zh text DEFAULT ''::text NOT NULL,
    about_en text DEFAULT ''::text NOT NULL,
    meets_zh text DEFAULT ''::text NOT NULL,
    meets_en text DEFAULT ''::text NOT NULL,
    founded_on date,
    ended_on date,
    fund_id integer,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    CONSTRAINT organisation_about_form CHECK ((length(about_zh) <= 1000)),
    CONSTRAINT organisation_dates CHECK ((ended_on >= founded_on)),
    CONSTRAINT organisation_entered_by_somebody CHECK ((entered_by <> ''::text)),
    CONSTRAINT organisation_kind_known CHECK ((kind = ANY (ARRAY['social'::text, 'group'::text]))),
    CONSTRAINT organisation_meets_form CHECK ((length(meets_zh) <= 80)),
    CONSTRAINT organisation_name_form CHECK (((length(name_zh) >= 1) AND (length(name_zh) <= 40))),
    CONSTRAINT organisation_slug_form CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'::text)),
    CONSTRAINT organisation_theme_known CHECK ((theme = ANY (ARRAY['elders'::text, 'children'::text, 'neighbours'::text, 'yard'::text, 'mutual_aid'::text])))
);

COMMENT ON COLUMN organisation.organisation.meets_zh IS 'when and where they meet: 每周三 14:00，活动室';

COMMENT ON COLUMN organisation.organisation.fund_id IS 'of a social organisation: what it earns and is given';

CREATE TABLE organisation.payment (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    way text NOT NULL,
    paid_on date NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    entry_seq bigint NOT NULL,
    undone_at timestamp with time zone,
    undone_by text DEFAULT ''::text NOT NULL,
    undone_why text DEFAULT ''::text NOT NULL,
    CONSTRAINT payment_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT payment_entered_by_somebody CHECK ((entered_by <> ''::text)),
    CONSTRAINT payment_way_known CHECK ((way = ANY (ARRAY['cash'::text, 'bank'::text])))
);

CREATE TABLE organisation.release (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    agreement_id integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    until date NOT NULL,
    way text NOT NULL,
    released_on date NOT NULL,
    released_by text NOT NULL,
    released_at timestamp with time zone NOT NULL,
    entry_seq bigint NOT NULL,
    undone_at timestamp with time zone,
    undone_by text DEFAULT ''::text NOT NULL,
    undone_why text DEFAULT ''::text NOT NULL,
    CONSTRAINT release_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT release_by_somebody CHECK ((released_by <> ''::text)),
    CONSTRAINT release_way_known CHECK ((way = ANY (ARRAY['cash'::text, 'bank'::text])))
);

COMMENT ON COLUMN organisation.release.until IS 'the last day of the sessions it is for';

CREATE TABLE organisation.rule (
    community_id integer NOT NULL,
    n integer NOT NULL,
    since date NOT NULL,
    per_activity integer NOT NULL,
    per_people integer NOT NULL,
    people_max integer NOT NULL,
    people_min integer NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT rule_people_max_form CHECK (((people_max >= 0) AND (people_max <= 9999))),
    CONSTRAINT rule_people_min_form CHECK (((people_min >= 0) AND (people_min <= 999))),
    CONSTRAINT rule_per_activity_form CHECK (((per_activity >= 0) AND (per_activity <= 100))),
    CONSTRAINT rule_per_people_form CHECK (((per_people >= 1) AND (per_people <= 1000))),
    CONSTRAINT rule_set_by_somebody CHECK ((set_by <> ''::text))
);

COMMENT ON COLUMN organisation.rule.per_people IS 'as many people served are one point';

COMMENT ON COLUMN organisation.rule.people_max IS 'more people in one activity earn no more';

COMMENT ON COLUMN organisation.rule.people_min IS 'an activity with fewer earns nothing';

CREATE TABLE organisation.session (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    agreement_id integer NOT NULL,
    item_n integer NOT NULL,
    held_on date NOT NULL,
    quantity integer NOT NULL,
    people integer NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    amount numeric(18,2) DEFAULT 0 NOT NULL,
    subsidy numeric(18,2) DEFAULT 0 NOT NULL,
    invoice_id uuid,
    release_id uuid,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    void_at timestamp with time zone,
    void_by text DEFAULT ''::text NOT NULL,
    void_why text DEFAULT ''::text NOT NULL,
    CONSTRAINT session_entered_by_somebody CHECK ((entered_by <> ''::text)),
    CONSTRAINT session_note_form CHECK ((length(note) <= 80)),
    CONSTRAINT session_people_form CHECK (((people >= 0) AND (people <= 99999))),
    CONSTRAINT session_quantity_form CHECK (((quantity >= 1) AND (quantity <= 9999))),
    CONSTRAINT session_void_is_free CHECK (((void_at IS NULL) OR ((invoice_id IS NULL) AND (release_id IS NULL)))),
    CONSTRAINT session_void_with_a_reason CHECK (((void_at IS NULL) = (void_why = ''::text)))
);

CREATE TABLE organisation.small_grant (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    organisation_id integer NOT NULL,
    rule_n integer NOT NULL,
    points integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    what text NOT NULL,
    fund_id integer NOT NULL,
    given_on date NOT NULL,
    given_by text NOT NULL,
    given_at timestamp with time zone NOT NULL,
    entry_seq bigint NOT NULL,
    undone_at timestamp with time zone,
    undone_by text DEFAULT ''::text NOT NULL,
    undone_why text DEFAULT ''::text NOT NULL,
    CONSTRAINT small_grant_given_by_somebody CHECK ((given_by <> ''::text)),
    CONSTRAINT small_grant_what_form CHECK (((length(what) >= 1) AND (length(what) <= 80)))
);

CREATE TABLE organisation.tier (
    community_id integer NOT NULL,
    rule_n integer NOT NULL,
    points integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    CONSTRAINT tier_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT tier_points_form CHECK ((points > 0))
);

CREATE TABLE outbox.message (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    not_before timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text DEFAULT ''::text NOT NULL,
    done_at timestamp with time zone,
    dead_at timestamp with time zone,
    CONSTRAINT message_done_or_dead CHECK (((done_at IS NULL) OR (dead_at IS NULL))),
    CONSTRAINT message_kind_said CHECK ((kind <> ''::text))
);

CREATE TABLE payment.checkout (
    community_id integer NOT NULL,
    order_id uuid NOT NULL,
    kind text NOT NULL,
    url text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT checkout_kind_known CHECK ((kind = ANY (ARRAY['redirect'::text, 'qr'::text]))),
    CONSTRAINT checkout_url_said CHECK ((url <> ''::text))
);

CREATE TABLE payment.reference (
    community_id integer NOT NULL,
    reference text NOT NULL,
    order_id uuid NOT NULL,
    CONSTRAINT reference_form CHECK ((reference ~ '^JK-[0-9A-Z]{4}-[0-9A-Z]{4}$'::text))
);

CREATE TABLE payment.sandbox_order (
    community_id integer NOT NULL,
    order_id uuid NOT NULL,
    community text NOT NULL,
    amount numeric(18,2) NOT NULL,
    currency character(3) NOT NULL,
    payee text NOT NULL,
    description text NOT NULL,
    return_url text NOT NULL,
    notify_url text NOT NULL,
    client text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    paid_amount numeric(18,2),
    paid_currency character(3),
    paid_payee text,
    paid_at timestamp with time zone,
    refunded numeric(18,2) DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT sandbox_order_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT sandbox_order_payee_said CHECK ((payee <> ''::text)),
    CONSTRAINT sandbox_order_refunded_within_paid CHECK (((refunded >= (0)::numeric) AND (refunded <= COALESCE(paid_amount, (0)::numeric)))),
    CONSTRAINT sandbox_order_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'paid'::text, 'failed'::text, 'refunded'::text])))
);

CREATE TABLE payment.sandbox_refund (
    community_id integer NOT NULL,
    order_id uuid NOT NULL,
    refund_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    reference text NOT NULL,
    refunded_at timestamp with time zone NOT NULL,
    CONSTRAINT sandbox_refund_amount_positive CHECK ((amount > (0)::numeric))
);

CREATE TABLE pledge.gift (
    community_id integer NOT NULL,
    donation_id uuid NOT NULL,
    pledge_id uuid,
    plan_id uuid,
    month date,
    CONSTRAINT gift_keeps_one_promise CHECK ((((pledge_id IS NULL) <> (plan_id IS NULL)) AND ((plan_id IS NULL) = (month IS NULL)))),
    CONSTRAINT gift_month_is_a_first CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);

COMMENT ON COLUMN pledge.gift.month IS 'of a plan: the month that this gift is for, its first day';

CREATE TABLE pledge.plan (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    campaign_id integer NOT NULL,
    donor_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    day integer NOT NULL,
    made_on date NOT NULL,
    token text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    paused_until date,
    stopped_as text DEFAULT ''::text NOT NULL,
    stopped_by text DEFAULT ''::text NOT NULL,
    stopped_at timestamp with time zone,
    CONSTRAINT plan_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT plan_day_of_a_month CHECK (((day >= 1) AND (day <= 31))),
    CONSTRAINT plan_stop_known CHECK ((stopped_as = ANY (ARRAY[''::text, 'stopped'::text, 'over'::text]))),
    CONSTRAINT plan_stops_at_a_moment CHECK (((stopped_as = ''::text) = (stopped_at IS NULL))),
    CONSTRAINT plan_token_form CHECK (((token ~ '^[a-z2-7]+$'::text) AND (length(token) = 26)))
);

COMMENT ON COLUMN pledge.plan.day IS 'of the month; 31 is the last day of a shorter one';

COMMENT ON COLUMN pledge.plan.paused_until IS 'the first day on which it runs again';

COMMENT ON COLUMN pledge.plan.stopped_as IS 'over: the campaign takes no gifts any more';

CREATE TABLE pledge.pledge (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    campaign_id integer NOT NULL,
    donor_id uuid NOT NULL,
    amount numeric(18,2) NOT NULL,
    made_on date NOT NULL,
    due_on date NOT NULL,
    token text NOT NULL,
    entered_by text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ended_as text DEFAULT ''::text NOT NULL,
    ended_by text DEFAULT ''::text NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT pledge_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT pledge_due_after_made CHECK ((due_on >= made_on)),
    CONSTRAINT pledge_end_known CHECK ((ended_as = ANY (ARRAY[''::text, 'cancelled'::text, 'lapsed'::text]))),
    CONSTRAINT pledge_ends_at_a_moment CHECK (((ended_as = ''::text) = (ended_at IS NULL))),
    CONSTRAINT pledge_token_form CHECK (((token ~ '^[a-z2-7]+$'::text) AND (length(token) = 26)))
);

COMMENT ON COLUMN pledge.pledge.entered_by IS 'who took the promise at the desk; empty where the person made it on the web page';

COMMENT ON COLUMN pledge.pledge.ended_as IS 'a pledge that is fulfilled does not end: its gifts say so';

CREATE TABLE pledge.reminder (
    community_id integer NOT NULL,
    promise_id uuid NOT NULL,
    occasion text NOT NULL,
    send_at timestamp with time zone NOT NULL,
    CONSTRAINT reminder_occasion_form CHECK (((occasion = ANY (ARRAY['before'::text, 'after'::text, 'over'::text])) OR (occasion ~ '^[0-9]{4}-[0-9]{2}$'::text)))
);

COMMENT ON COLUMN pledge.reminder.occasion IS 'before and after a pledge''s day; a plan''s month, or that its campaign is over';

CREATE TABLE project.budget_line (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    line integer NOT NULL,
    name_zh text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    planned numeric(18,2) NOT NULL,
    CONSTRAINT budget_line_positive CHECK ((planned > (0)::numeric))
);

CREATE TABLE project.contact (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    name text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL
);

CREATE TABLE project.milestone (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    number integer NOT NULL,
    title_zh text NOT NULL,
    title_en text DEFAULT ''::text NOT NULL,
    due_on date NOT NULL,
    done_on date,
    done_by text DEFAULT ''::text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    CONSTRAINT milestone_done_by_somebody CHECK (((done_on IS NULL) = (done_by = ''::text))),
    CONSTRAINT milestone_note_form CHECK ((length(note) <= 300)),
    CONSTRAINT milestone_title_en_form CHECK ((length(title_en) <= 120)),
    CONSTRAINT milestone_title_form CHECK (((length(title_zh) >= 1) AND (length(title_zh) <= 80)))
);

CREATE TABLE project.milestone_entry (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    number integer NOT NULL,
    entry_seq bigint NOT NULL
);

CREATE TABLE project.milestone_picture (
    community_id integer NOT NULL,
    picture_id uuid NOT NULL,
    project_id integer NOT NULL,
    number integer NOT NULL
);

CREATE TABLE project.outcome (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    number integer NOT NULL,
    held_on date NOT NULL,
    activity_zh text NOT NULL,
    activity_en text DEFAULT ''::text NOT NULL,
    person_times integer NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    signed_in integer,
    minutes integer DEFAULT 0 NOT NULL,
    goods_zh text DEFAULT ''::text NOT NULL,
    goods_en text DEFAULT ''::text NOT NULL,
    struck_why text DEFAULT ''::text NOT NULL,
    by_whom text DEFAULT ''::text NOT NULL,
    CONSTRAINT outcome_activity_said CHECK ((activity_zh <> ''::text)),
    CONSTRAINT outcome_goods_en_form CHECK ((length(goods_en) <= 200)),
    CONSTRAINT outcome_goods_form CHECK ((length(goods_zh) <= 120)),
    CONSTRAINT outcome_minutes_not_negative CHECK ((minutes >= 0)),
    CONSTRAINT outcome_person_times_not_negative CHECK ((person_times >= 0)),
    CONSTRAINT outcome_signed_in_of_those_there CHECK (((signed_in >= 0) AND (signed_in <= person_times))),
    CONSTRAINT outcome_struck_form CHECK ((length(struck_why) <= 200))
);

COMMENT ON COLUMN project.outcome.person_times IS '人次: who came twice counts twice';

COMMENT ON COLUMN project.outcome.signed_in IS 'signatures on the sheet; null where there was none';

COMMENT ON COLUMN project.outcome.minutes IS 'volunteers'' time';

COMMENT ON COLUMN project.outcome.struck_why IS 'it was written down by mistake: why it counts no more';

CREATE TABLE project.proposal (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    token text NOT NULL,
    lang text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT proposal_token_form CHECK ((token ~ '^[a-z2-7]{26}$'::text))
);

COMMENT ON COLUMN project.proposal.token IS '130 random bits: whoever has the address may change the proposal while it is theirs';

CREATE TABLE project.report (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    done_zh text DEFAULT ''::text NOT NULL,
    done_en text DEFAULT ''::text NOT NULL,
    learned_zh text DEFAULT ''::text NOT NULL,
    learned_en text DEFAULT ''::text NOT NULL,
    written_by text NOT NULL,
    written_at timestamp with time zone NOT NULL,
    as_of bigint,
    body text,
    hash bytea,
    adopted_by text,
    adopted_at timestamp with time zone,
    CONSTRAINT report_adopted_whole CHECK ((num_nulls(as_of, body, hash, adopted_by, adopted_at) = ANY (ARRAY[0, 5]))),
    CONSTRAINT report_adopted_with_words CHECK (((body IS NULL) OR (done_zh <> ''::text))),
    CONSTRAINT report_done_en_form CHECK ((length(done_en) <= 3000)),
    CONSTRAINT report_done_form CHECK ((length(done_zh) <= 2000)),
    CONSTRAINT report_hash_of_body CHECK ((hash = sha256(convert_to(body, 'UTF8'::name)))),
    CONSTRAINT report_learned_en_form CHECK ((length(learned_en) <= 1500)),
    CONSTRAINT report_learned_form CHECK ((length(learned_zh) <= 1000)),
    CONSTRAINT report_written_by_somebody CHECK ((written_by <> ''::text))
);

COMMENT ON COLUMN project.report.body IS 'all figures of the report, as JSON; names and stories are not in it';

CREATE TABLE project.spent_on (
    community_id integer NOT NULL,
    entry_seq bigint NOT NULL,
    project_id integer NOT NULL,
    line integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    put_by text NOT NULL,
    CONSTRAINT spent_on_not_zero CHECK ((amount <> (0)::numeric)),
    CONSTRAINT spent_on_put_by_somebody CHECK ((put_by <> ''::text))
);

CREATE TABLE project.step (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    n integer NOT NULL,
    was text NOT NULL,
    state text NOT NULL,
    by_whom text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    day date,
    motion_id uuid,
    CONSTRAINT step_by_somebody CHECK ((by_whom <> ''::text)),
    CONSTRAINT step_why_form CHECK ((length(why) <= 600))
);

COMMENT ON COLUMN project.step.day IS 'on which it was agreed, began or ended, where that is not the day it was written down';

CREATE TABLE project.story (
    community_id integer NOT NULL,
    project_id integer NOT NULL,
    number integer NOT NULL,
    text_zh text NOT NULL,
    text_en text DEFAULT ''::text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    consent text NOT NULL,
    consented_on date NOT NULL,
    told_to text NOT NULL,
    CONSTRAINT story_consent_known CHECK ((consent = ANY (ARRAY['signed'::text, 'spoken'::text]))),
    CONSTRAINT story_name_form CHECK ((length(name) <= 40)),
    CONSTRAINT story_text_en_form CHECK ((length(text_en) <= 900)),
    CONSTRAINT story_text_form CHECK (((length(text_zh) >= 1) AND (length(text_zh) <= 600))),
    CONSTRAINT story_told_to_somebody CHECK ((told_to <> ''::text))
);

COMMENT ON COLUMN project.story.name IS 'as they want to be named; empty: they consented to the story alone';

CREATE TABLE publication.schedule (
    community_id integer NOT NULL,
    kind text NOT NULL,
    span text NOT NULL,
    days integer NOT NULL,
    set_by text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT schedule_by_somebody CHECK ((set_by <> ''::text)),
    CONSTRAINT schedule_days_few CHECK (((days >= 0) AND (days <= 90))),
    CONSTRAINT schedule_kind_form CHECK ((kind ~ '^[a-z]+$'::text)),
    CONSTRAINT schedule_span_known CHECK ((span = ANY (ARRAY['month'::text, 'quarter'::text, 'year'::text])))
);

COMMENT ON COLUMN publication.schedule.set_at IS 'months that were closed before it are left alone';

CREATE TABLE publication.subscriber (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    email text NOT NULL,
    lang text NOT NULL,
    token text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    CONSTRAINT subscriber_email_form CHECK ((((length(email) >= 3) AND (length(email) <= 254)) AND (email ~~ '%_@_%'::text))),
    CONSTRAINT subscriber_lang_known CHECK ((lang = ANY (ARRAY['zh-CN'::text, 'en'::text]))),
    CONSTRAINT subscriber_token_form CHECK ((token ~ '^[a-z2-7]{26}$'::text))
);

COMMENT ON COLUMN publication.subscriber.token IS '130 random bits: whoever has the letter may confirm the address, and end the letters';

CREATE TABLE receipt.counter (
    community_id integer NOT NULL,
    series text NOT NULL,
    year integer NOT NULL,
    last_number integer NOT NULL
);

CREATE TABLE receipt.receipt (
    community_id integer NOT NULL,
    series text NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    subject_id uuid NOT NULL,
    entry_seq bigint NOT NULL,
    amount numeric(18,2) NOT NULL,
    issued_on date NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    token text NOT NULL,
    check_code text NOT NULL,
    CONSTRAINT receipt_check_code_form CHECK (((check_code ~ '^[0-9A-Z]+-[0-9A-Z]+$'::text) AND (check_code ~~ '____-____'::text))),
    CONSTRAINT receipt_number_positive CHECK ((number > 0)),
    CONSTRAINT receipt_series_known CHECK ((series = ANY (ARRAY['donation'::text, 'sale'::text, 'in_kind'::text]))),
    CONSTRAINT receipt_token_form CHECK (((token ~ '^[0-9a-z]+-[0-9a-z]+$'::text) AND ((length(token) >= 28) AND (length(token) <= 33)))),
    CONSTRAINT receipt_year_of_date CHECK (((year)::numeric = EXTRACT(year FROM issued_on)))
);

CREATE TABLE receipt.void (
    community_id integer NOT NULL,
    series text NOT NULL,
    year integer NOT NULL,
    number integer NOT NULL,
    entry_seq bigint NOT NULL,
    reason text NOT NULL,
    voided_at timestamp with time zone NOT NULL
);

COMMENT ON COLUMN receipt.void.entry_seq IS 'the entry that took the last of the money back, a reversal or the last part refund: a receipt is voided by nothing else';

CREATE TABLE reconcile.match (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    account_id integer NOT NULL,
    because jsonb NOT NULL,
    by_itself boolean NOT NULL,
    entry_seq bigint,
    rule_id integer,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    undone_by text,
    undone_at timestamp with time zone,
    CONSTRAINT match_undone_whole CHECK (((undone_by IS NULL) = (undone_at IS NULL)))
);

COMMENT ON COLUMN reconcile.match.entry_seq IS 'the entry that was posted for it, reversed when it is undone';

CREATE TABLE reconcile.match_line (
    community_id integer NOT NULL,
    match_id uuid NOT NULL,
    account_id integer NOT NULL,
    line_id bigint NOT NULL,
    live boolean DEFAULT true NOT NULL
);

CREATE TABLE reconcile.match_posting (
    community_id integer NOT NULL,
    match_id uuid NOT NULL,
    seq bigint NOT NULL,
    posting smallint NOT NULL,
    live boolean DEFAULT true NOT NULL
);

CREATE TABLE reconcile.reconciliation (
    community_id integer NOT NULL,
    id integer NOT NULL,
    account_id integer NOT NULL,
    through date NOT NULL,
    closing numeric(18,2) NOT NULL,
    booked numeric(18,2) NOT NULL,
    in_transit numeric(18,2) NOT NULL,
    sheet jsonb NOT NULL,
    last_seq bigint NOT NULL,
    completed_by text NOT NULL,
    completed_at timestamp with time zone DEFAULT now() NOT NULL,
    undone_by text,
    undone_at timestamp with time zone,
    undone_why text DEFAULT ''::text NOT NULL,
    CONSTRAINT reconciliation_agrees CHECK (((closing + in_transit) = booked)),
    CONSTRAINT reconciliation_undone_whole CHECK ((((undone_by IS NULL) = (undone_at IS NULL)) AND ((undone_by IS NULL) OR (undone_why <> ''::text))))
);

COMMENT ON COLUMN reconcile.reconciliation.in_transit IS 'postings that the bank has not seen: closing + in_transit = booked';

CREATE TABLE reconcile.rule (
    community_id integer NOT NULL,
    id integer NOT NULL,
    account_id integer NOT NULL,
    words text NOT NULL,
    money_in boolean NOT NULL,
    to_account_id integer NOT NULL,
    fund_id integer NOT NULL,
    memo text NOT NULL,
    used integer DEFAULT 0 NOT NULL,
    active boolean DEFAULT true NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rule_has_words CHECK (((length(words) >= 2) AND (length(words) <= 100))),
    CONSTRAINT rule_memo_form CHECK (((length(memo) >= 1) AND (length(memo) <= 200)))
);

CREATE TABLE reconcile.transit (
    community_id integer NOT NULL,
    seq bigint NOT NULL,
    posting smallint NOT NULL,
    note text NOT NULL,
    noted_by text NOT NULL,
    noted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT transit_has_a_note CHECK (((length(note) >= 1) AND (length(note) <= 200)))
);

CREATE TABLE report.cash_month (
    community_id integer NOT NULL,
    month date NOT NULL,
    account_id integer NOT NULL,
    fund_id integer NOT NULL,
    received numeric(18,2) NOT NULL,
    paid numeric(18,2) NOT NULL
);

COMMENT ON COLUMN report.cash_month.received IS 'credits of the account in entries that moved money in the same fund; paid: its debits';

CREATE TABLE report.cash_through (
    community_id integer NOT NULL,
    seq bigint NOT NULL,
    money integer[] NOT NULL
);

COMMENT ON COLUMN report.cash_through.money IS 'the accounts that were money then; for others the sums have to be made anew';

CREATE TABLE round.ballot (
    community_id integer NOT NULL,
    round_id integer NOT NULL,
    number integer NOT NULL,
    method text NOT NULL,
    ideas integer[] NOT NULL
);

CREATE TABLE round.batch (
    community_id integer NOT NULL,
    round_id integer NOT NULL,
    number integer NOT NULL,
    courtyard text NOT NULL,
    codes integer NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    void_by text DEFAULT ''::text NOT NULL,
    CONSTRAINT batch_codes_form CHECK (((codes >= 1) AND (codes <= 500))),
    CONSTRAINT batch_courtyard_form CHECK (((length(courtyard) >= 1) AND (length(courtyard) <= 40)))
);

CREATE TABLE round.code (
    community_id integer NOT NULL,
    round_id integer NOT NULL,
    digest bytea NOT NULL,
    batch integer NOT NULL,
    used boolean DEFAULT false NOT NULL,
    CONSTRAINT code_digest_form CHECK ((length(digest) = 32))
);

CREATE TABLE round.idea (
    community_id integer NOT NULL,
    round_id integer NOT NULL,
    number integer NOT NULL,
    form uuid NOT NULL,
    title text NOT NULL,
    what text NOT NULL,
    place text NOT NULL,
    cost numeric(18,2) NOT NULL,
    category text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    moved_by text DEFAULT ''::text NOT NULL,
    project_id integer,
    CONSTRAINT idea_category_known CHECK ((category = ANY (ARRAY['elders'::text, 'children'::text, 'neighbours'::text, 'yard'::text, 'mutual_aid'::text]))),
    CONSTRAINT idea_cost_positive CHECK ((cost > (0)::numeric)),
    CONSTRAINT idea_declined_with_a_reason CHECK (((state <> 'declined'::text) OR (why <> ''::text))),
    CONSTRAINT idea_place_form CHECK (((length(place) >= 1) AND (length(place) <= 40))),
    CONSTRAINT idea_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'ballot'::text, 'declined'::text, 'withdrawn'::text]))),
    CONSTRAINT idea_title_form CHECK (((length(title) >= 1) AND (length(title) <= 40))),
    CONSTRAINT idea_what_form CHECK (((length(what) >= 1) AND (length(what) <= 600)))
);

COMMENT ON COLUMN round.idea.form IS 'of the form that was sent: a second press writes nothing';

CREATE TABLE round.proposer (
    community_id integer NOT NULL,
    round_id integer NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    CONSTRAINT proposer_can_be_called CHECK (((length(phone) >= 5) AND (length(phone) <= 20))),
    CONSTRAINT proposer_name_form CHECK (((length(name) >= 1) AND (length(name) <= 40)))
);

CREATE TABLE round.result (
    community_id integer NOT NULL,
    round_id integer NOT NULL,
    number integer NOT NULL,
    rank integer NOT NULL,
    cost numeric(18,2) NOT NULL,
    votes integer NOT NULL,
    selected boolean NOT NULL
);

CREATE TABLE round.round (
    community_id integer NOT NULL,
    id integer NOT NULL,
    slug text NOT NULL,
    year integer NOT NULL,
    title_zh text NOT NULL,
    title_en text DEFAULT ''::text NOT NULL,
    text_zh text DEFAULT ''::text NOT NULL,
    text_en text DEFAULT ''::text NOT NULL,
    pot numeric(18,2) NOT NULL,
    method text NOT NULL,
    choices_max integer NOT NULL,
    propose_from date NOT NULL,
    propose_until date NOT NULL,
    vote_from date NOT NULL,
    vote_until date NOT NULL,
    salt bytea NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    support_min integer DEFAULT 0 NOT NULL,
    CONSTRAINT round_choices_form CHECK ((((choices_max >= 0) AND (choices_max <= 99)) AND ((method = 'approval'::text) = (choices_max > 0)))),
    CONSTRAINT round_days CHECK (((propose_from <= propose_until) AND (propose_until < vote_from) AND (vote_from <= vote_until))),
    CONSTRAINT round_method_known CHECK ((method = ANY (ARRAY['approval'::text, 'knapsack'::text]))),
    CONSTRAINT round_pot_positive CHECK ((pot > (0)::numeric)),
    CONSTRAINT round_salt_form CHECK ((length(salt) = 16)),
    CONSTRAINT round_slug_form CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'::text)),
    CONSTRAINT round_support_form CHECK (((support_min >= 0) AND (support_min <= 9999))),
    CONSTRAINT round_title_form CHECK (((length(title_zh) >= 1) AND (length(title_zh) <= 60)))
);

COMMENT ON COLUMN round.round.choices_max IS 'how many ideas a ballot may choose; 0 where the pot is the limit';

COMMENT ON COLUMN round.round.salt IS 'of the digests of the codes';

COMMENT ON COLUMN round.round.support_min IS 'an idea with fewer votes is not chosen, even where the pot would pay it; 0 in rounds held before there was such a rule';

CREATE TABLE round.staged (
    community_id integer NOT NULL,
    round_id integer NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    method text NOT NULL,
    ideas integer[] NOT NULL,
    CONSTRAINT staged_chooses CHECK ((cardinality(ideas) > 0)),
    CONSTRAINT staged_method_known CHECK ((method = ANY (ARRAY['internet'::text, 'paper'::text])))
);

CREATE TABLE round.tally (
    community_id integer NOT NULL,
    round_id integer NOT NULL,
    pot numeric(18,2) NOT NULL,
    method text NOT NULL,
    choices_max integer NOT NULL,
    ballots integer NOT NULL,
    codes integer NOT NULL,
    counted_by text NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    support_min integer DEFAULT 0 NOT NULL
);

CREATE TABLE sale.auction (
    community_id integer NOT NULL,
    place_id integer NOT NULL,
    sign_off boolean DEFAULT false NOT NULL
);

COMMENT ON COLUMN sale.auction.sign_off IS 'whoever joins by phone bids after staff said yes';

CREATE TABLE sale.bid (
    community_id integer NOT NULL,
    item_id uuid NOT NULL,
    nth integer NOT NULL,
    place_id integer NOT NULL,
    paddle integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    way text NOT NULL,
    entered_by text DEFAULT ''::text NOT NULL,
    bid_at timestamp with time zone NOT NULL,
    struck_at timestamp with time zone,
    CONSTRAINT bid_amount_sane CHECK (((amount > (0)::numeric) AND (amount <= 99999.99))),
    CONSTRAINT bid_way_known CHECK ((way = ANY (ARRAY['phone'::text, 'paper'::text])))
);

COMMENT ON COLUMN sale.bid.struck_at IS 'written down by mistake, or won and never paid';

CREATE TABLE sale.bidder (
    community_id integer NOT NULL,
    place_id integer NOT NULL,
    paddle integer NOT NULL,
    token text NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    signed_off boolean NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT bidder_name_form CHECK ((length(name) <= 40)),
    CONSTRAINT bidder_paddle_positive CHECK ((paddle > 0)),
    CONSTRAINT bidder_phone_form CHECK ((length(phone) <= 20))
);

CREATE TABLE sale.cost (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    place_id integer NOT NULL,
    kind text NOT NULL,
    what text NOT NULL,
    amount numeric(18,2) NOT NULL,
    spent_on date NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    entry_seq bigint NOT NULL,
    CONSTRAINT cost_kind_known CHECK ((kind = ANY (ARRAY['cost'::text, 'stock'::text]))),
    CONSTRAINT cost_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT cost_says_what CHECK (((length(what) >= 1) AND (length(what) <= 80)))
);

CREATE TABLE sale.count (
    community_id integer NOT NULL,
    session_id uuid NOT NULL,
    nth smallint NOT NULL,
    counter text NOT NULL,
    lead boolean NOT NULL,
    pieces integer[] NOT NULL,
    total numeric(18,2) NOT NULL,
    tries integer DEFAULT 1 NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    CONSTRAINT count_adds_up CHECK ((total = (((((((((pieces[1] * 100) + (pieces[2] * 50)) + (pieces[3] * 20)) + (pieces[4] * 10)) + (pieces[5] * 5)) + pieces[6]))::numeric + ((pieces[7])::numeric * 0.5)) + ((pieces[8])::numeric * 0.1)))),
    CONSTRAINT count_counter_said CHECK ((counter <> ''::text)),
    CONSTRAINT count_first_or_second CHECK ((nth = ANY (ARRAY[1, 2]))),
    CONSTRAINT count_pieces_form CHECK (((array_ndims(pieces) = 1) AND (array_length(pieces, 1) = 8) AND (0 <= ALL (pieces)) AND (99999 >= ALL (pieces))))
);

CREATE TABLE sale.item (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    place_id integer NOT NULL,
    code text NOT NULL,
    barcode text DEFAULT ''::text NOT NULL,
    name_zh text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    section text DEFAULT ''::text NOT NULL,
    kind text DEFAULT 'goods'::text NOT NULL,
    price numeric(18,2),
    stock integer,
    sold integer DEFAULT 0 NOT NULL,
    account_id integer,
    picture_id uuid,
    donor_id uuid,
    in_kind_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone,
    CONSTRAINT item_barcode_form CHECK ((barcode ~ '^[0-9A-Za-z-]{0,32}$'::text)),
    CONSTRAINT item_code_form CHECK ((code ~ '^[0-9A-Za-z][0-9A-Za-z-]{0,19}$'::text)),
    CONSTRAINT item_kind_known CHECK ((kind = ANY (ARRAY['goods'::text, 'ticket'::text, 'service'::text, 'lot'::text]))),
    CONSTRAINT item_name_form CHECK (((length(name_zh) >= 1) AND (length(name_zh) <= 80))),
    CONSTRAINT item_price_positive CHECK ((price > (0)::numeric)),
    CONSTRAINT item_stock_not_negative CHECK ((stock >= 0))
);

COMMENT ON COLUMN sale.item.section IS 'the group under which the till shows it';

COMMENT ON COLUMN sale.item.price IS 'null: name your price';

COMMENT ON COLUMN sale.item.stock IS 'how many there were; null: nobody counts them';

COMMENT ON COLUMN sale.item.sold IS 'less what came back; may exceed stock, for a till sells without network too';

COMMENT ON COLUMN sale.item.account_id IS 'the income that selling it is; null: sales or services, by its kind';

COMMENT ON COLUMN sale.item.donor_id IS 'who gave it; their name stands with the donor alone';

CREATE TABLE sale.line (
    community_id integer NOT NULL,
    sale_id uuid NOT NULL,
    line smallint NOT NULL,
    item_id uuid,
    name text NOT NULL,
    quantity integer NOT NULL,
    price numeric(18,2) NOT NULL,
    account_id integer NOT NULL,
    CONSTRAINT line_name_form CHECK (((length(name) >= 1) AND (length(name) <= 80))),
    CONSTRAINT line_price_not_negative CHECK ((price >= (0)::numeric)),
    CONSTRAINT line_quantity_sane CHECK (((quantity >= 1) AND (quantity <= 9999)))
);

CREATE TABLE sale.lot (
    community_id integer NOT NULL,
    item_id uuid NOT NULL,
    place_id integer NOT NULL,
    start_price numeric(18,2) NOT NULL,
    step numeric(18,2) NOT NULL,
    reserve numeric(18,2),
    fair_value numeric(18,2),
    giver text DEFAULT ''::text NOT NULL,
    closes_at timestamp with time zone,
    state text DEFAULT 'open'::text NOT NULL,
    bids integer DEFAULT 0 NOT NULL,
    won_by integer,
    award_id uuid,
    hammered_by text DEFAULT ''::text NOT NULL,
    hammered_at timestamp with time zone,
    CONSTRAINT lot_fair_value_positive CHECK ((fair_value > (0)::numeric)),
    CONSTRAINT lot_giver_form CHECK ((length(giver) <= 80)),
    CONSTRAINT lot_hammered_has_a_winner CHECK ((((state = 'hammered'::text) = (won_by IS NOT NULL)) AND ((won_by IS NULL) = (award_id IS NULL)))),
    CONSTRAINT lot_reserve_positive CHECK ((reserve > (0)::numeric)),
    CONSTRAINT lot_start_positive CHECK ((start_price > (0)::numeric)),
    CONSTRAINT lot_state_known CHECK ((state = ANY (ARRAY['open'::text, 'hammered'::text, 'passed'::text]))),
    CONSTRAINT lot_step_positive CHECK ((step > (0)::numeric))
);

COMMENT ON COLUMN sale.lot.reserve IS 'never shown: below it the lot is not sold';

COMMENT ON COLUMN sale.lot.giver IS 'who gave it, as they want it on the page';

COMMENT ON COLUMN sale.lot.closes_at IS 'null: the hammer ends it; a bid of the last two minutes moves it';

COMMENT ON COLUMN sale.lot.won_by IS 'the bid that won';

COMMENT ON COLUMN sale.lot.award_id IS 'the id of the sale by which the winner pays, so that it is paid once';

CREATE TABLE sale.payment (
    community_id integer NOT NULL,
    sale_id uuid NOT NULL,
    nth smallint NOT NULL,
    way text NOT NULL,
    amount numeric(18,2) NOT NULL,
    given numeric(18,2) NOT NULL,
    CONSTRAINT payment_given_enough CHECK ((given >= amount)),
    CONSTRAINT payment_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT payment_way_known CHECK ((way = ANY (ARRAY['cash'::text, 'wechat'::text, 'alipay'::text, 'transfer'::text])))
);

COMMENT ON COLUMN sale.payment.given IS 'what the buyer handed over; the rest is change';

CREATE TABLE sale.place (
    community_id integer NOT NULL,
    id integer NOT NULL,
    kind text NOT NULL,
    slug text NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    name_zh text NOT NULL,
    name_en text DEFAULT ''::text NOT NULL,
    where_zh text DEFAULT ''::text NOT NULL,
    where_en text DEFAULT ''::text NOT NULL,
    note_zh text DEFAULT ''::text NOT NULL,
    note_en text DEFAULT ''::text NOT NULL,
    starts_on date,
    ends_on date,
    basis text DEFAULT 'sale'::text NOT NULL,
    fund_id integer NOT NULL,
    campaign_id integer,
    created_by text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    income_account integer,
    cost_account integer,
    CONSTRAINT place_basis_known CHECK ((basis = ANY (ARRAY['sale'::text, 'public'::text]))),
    CONSTRAINT place_dates CHECK (
CASE kind
    WHEN 'event'::text THEN COALESCE((starts_on <= ends_on), false)
    ELSE ((starts_on IS NULL) AND (ends_on IS NULL))
END),
    CONSTRAINT place_kind_known CHECK ((kind = ANY (ARRAY['event'::text, 'venture'::text]))),
    CONSTRAINT place_name_form CHECK (((length(name_zh) >= 1) AND (length(name_zh) <= 80))),
    CONSTRAINT place_slug_form CHECK ((slug ~ '^[a-z0-9][a-z0-9-]{1,59}$'::text)),
    CONSTRAINT place_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'open'::text, 'closed'::text])))
);

COMMENT ON COLUMN sale.place.note_zh IS 'what the proceeds are for, in a sentence';

COMMENT ON COLUMN sale.place.basis IS 'sale: sold without an appeal; public: sold with a public appeal, under its campaign''s filing';

COMMENT ON COLUMN sale.place.fund_id IS 'whose the proceeds are';

COMMENT ON COLUMN sale.place.campaign_id IS 'the appeal that goes with it, and what a tip is given to';

COMMENT ON COLUMN sale.place.income_account IS 'what selling there is, where the item names no other; null: sales or services, by the item''s kind';

COMMENT ON COLUMN sale.place.cost_account IS 'what its costs are; null: programme cost of a venture, fundraising cost of an event';

CREATE TABLE sale.refund (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    sale_id uuid NOT NULL,
    session_id uuid,
    amount numeric(18,2) NOT NULL,
    reason text NOT NULL,
    alone_max numeric(18,2) NOT NULL,
    refunded_by text NOT NULL,
    approved_by text DEFAULT ''::text NOT NULL,
    refunded_at timestamp with time zone NOT NULL,
    entry_seq bigint NOT NULL,
    CONSTRAINT refund_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT refund_by_two_people CHECK (((approved_by <> refunded_by) AND ((approved_by <> ''::text) OR (amount <= alone_max)))),
    CONSTRAINT refund_has_a_reason CHECK (((length(reason) >= 1) AND (length(reason) <= 200)))
);

COMMENT ON COLUMN sale.refund.session_id IS 'whose drawer gave it back; null: the treasurer, from the safe';

COMMENT ON COLUMN sale.refund.alone_max IS 'up to how much one person alone gave back, on that day';

CREATE TABLE sale.refund_line (
    community_id integer NOT NULL,
    refund_id uuid NOT NULL,
    sale_id uuid NOT NULL,
    line smallint NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT refund_line_quantity_positive CHECK ((quantity > 0))
);

CREATE TABLE sale.refund_payment (
    community_id integer NOT NULL,
    refund_id uuid NOT NULL,
    way text NOT NULL,
    amount numeric(18,2) NOT NULL,
    CONSTRAINT refund_payment_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT refund_payment_way_known CHECK ((way = ANY (ARRAY['cash'::text, 'wechat'::text, 'alipay'::text, 'transfer'::text])))
);

CREATE TABLE sale.reservation (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    place_id integer NOT NULL,
    item_id uuid NOT NULL,
    token text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    hold_until date NOT NULL,
    reserved_by text DEFAULT ''::text NOT NULL,
    reserved_at timestamp with time zone NOT NULL,
    cancelled_at timestamp with time zone,
    erased_at timestamp with time zone,
    CONSTRAINT reservation_name_form CHECK ((length(name) <= 40)),
    CONSTRAINT reservation_phone_form CHECK ((length(phone) <= 20))
);

COMMENT ON COLUMN sale.reservation.id IS 'and the id of the sale that pays for it, so that it is paid once';

COMMENT ON COLUMN sale.reservation.reserved_by IS 'empty: a resident, on the public page';

CREATE TABLE sale.sale (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    place_id integer NOT NULL,
    session_id uuid,
    slip text DEFAULT ''::text NOT NULL,
    rung_at timestamp with time zone NOT NULL,
    total numeric(18,2) NOT NULL,
    tip numeric(18,2) DEFAULT 0 NOT NULL,
    tip_id uuid,
    refunded numeric(18,2) DEFAULT 0 NOT NULL,
    cashier text NOT NULL,
    entry_seq bigint NOT NULL,
    synced_at timestamp with time zone NOT NULL,
    CONSTRAINT sale_refund_within CHECK (((refunded >= (0)::numeric) AND (refunded <= total))),
    CONSTRAINT sale_slip_form CHECK ((length(slip) <= 20)),
    CONSTRAINT sale_tip_has_a_gift CHECK (((tip = (0)::numeric) = (tip_id IS NULL))),
    CONSTRAINT sale_tip_not_negative CHECK ((tip >= (0)::numeric)),
    CONSTRAINT sale_total_positive CHECK ((total > (0)::numeric))
)
WITH (fillfactor='90');

COMMENT ON COLUMN sale.sale.id IS 'made by the till, so that whatever is sent again is known';

COMMENT ON COLUMN sale.sale.session_id IS 'null: written on paper and entered later';

COMMENT ON COLUMN sale.sale.tip_id IS 'the donation that the tip is';

CREATE TABLE sale.seat (
    community_id integer NOT NULL,
    item_id uuid NOT NULL,
    block integer NOT NULL,
    place integer NOT NULL
);

CREATE TABLE sale.seat_plan (
    community_id integer NOT NULL,
    item_id uuid NOT NULL,
    shape text NOT NULL,
    blocks integer NOT NULL,
    places integer NOT NULL,
    held_on date,
    starts text DEFAULT ''::text NOT NULL,
    CONSTRAINT seat_plan_blocks_form CHECK (((blocks >= 1) AND (blocks <= 100))),
    CONSTRAINT seat_plan_free_is_one CHECK (((shape <> 'free'::text) OR (blocks = 1))),
    CONSTRAINT seat_plan_places_form CHECK (((places >= 1) AND (places <= 2000))),
    CONSTRAINT seat_plan_shape_known CHECK ((shape = ANY (ARRAY['free'::text, 'tables'::text, 'rows'::text]))),
    CONSTRAINT seat_plan_starts_form CHECK ((starts ~ '^([0-2][0-9]:[0-5][0-9])?$'::text))
);

COMMENT ON COLUMN sale.seat_plan.blocks IS 'tables or rows; 1 where people sit where they like';

COMMENT ON COLUMN sale.seat_plan.places IS 'of each table or row';

COMMENT ON COLUMN sale.seat_plan.held_on IS 'null: the first day of its place';

CREATE TABLE sale.session (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    place_id integer NOT NULL,
    till text NOT NULL,
    float_amount numeric(18,2) NOT NULL,
    opened_by text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_by text DEFAULT ''::text NOT NULL,
    closed_at timestamp with time zone,
    expected numeric(18,2),
    counted numeric(18,2),
    reason text DEFAULT ''::text NOT NULL,
    difference_seq bigint,
    CONSTRAINT session_closed_is_counted CHECK ((((closed_at IS NULL) = (counted IS NULL)) AND ((closed_at IS NULL) = (expected IS NULL)))),
    CONSTRAINT session_difference_booked CHECK (((counted IS NULL) OR ((counted = expected) = (difference_seq IS NULL)))),
    CONSTRAINT session_float_not_negative CHECK ((float_amount >= (0)::numeric))
);

COMMENT ON COLUMN sale.session.expected IS 'float, and cash taken less cash given back';

CREATE TABLE sale.setting (
    community_id integer NOT NULL,
    refund_max numeric(18,2) DEFAULT 50 NOT NULL,
    paper text DEFAULT '80'::text NOT NULL,
    wechat_code text DEFAULT ''::text NOT NULL,
    alipay_code text DEFAULT ''::text NOT NULL,
    CONSTRAINT setting_alipay_code_form CHECK ((length(alipay_code) <= 300)),
    CONSTRAINT setting_paper_known CHECK ((paper = ANY (ARRAY['58'::text, '80'::text, 'a4'::text]))),
    CONSTRAINT setting_refund_max_not_negative CHECK ((refund_max >= (0)::numeric)),
    CONSTRAINT setting_wechat_code_form CHECK ((length(wechat_code) <= 300))
);

COMMENT ON COLUMN sale.setting.refund_max IS 'what one person alone may give back';

CREATE TABLE sale.shift (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    place_id integer NOT NULL,
    person_id integer NOT NULL,
    day date NOT NULL,
    starts text NOT NULL,
    minutes integer NOT NULL,
    state text DEFAULT 'planned'::text NOT NULL,
    hours_number integer,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    CONSTRAINT shift_minutes_form CHECK ((((minutes >= 15) AND (minutes <= 720)) AND ((minutes % 15) = 0))),
    CONSTRAINT shift_starts_form CHECK ((starts ~ '^[0-2][0-9]:[0-5][0-9]$'::text)),
    CONSTRAINT shift_state_known CHECK ((state = ANY (ARRAY['planned'::text, 'worked'::text, 'missed'::text]))),
    CONSTRAINT shift_worked_has_hours CHECK (((state = 'worked'::text) = (hours_number IS NOT NULL)))
);

CREATE TABLE sale.surplus (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    place_id integer NOT NULL,
    month date NOT NULL,
    amount numeric(18,2) NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    entry_seq bigint NOT NULL,
    CONSTRAINT surplus_month_is_a_first CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
    CONSTRAINT surplus_positive CHECK ((amount > (0)::numeric))
);

CREATE TABLE sale.takings (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    place_id integer NOT NULL,
    day date NOT NULL,
    shift text DEFAULT ''::text NOT NULL,
    sales integer DEFAULT 0 NOT NULL,
    amount numeric(18,2) NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    entry_seq bigint NOT NULL,
    CONSTRAINT takings_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT takings_sales_not_negative CHECK ((sales >= 0)),
    CONSTRAINT takings_shift_form CHECK ((length(shift) <= 20))
);

COMMENT ON COLUMN sale.takings.sales IS 'how many strokes on the pad; 0 where nobody counted';

CREATE TABLE sale.ticket (
    community_id integer NOT NULL,
    place_id integer NOT NULL,
    number integer NOT NULL,
    item_id uuid NOT NULL,
    token text NOT NULL,
    block integer,
    place integer,
    reservation_id uuid,
    sale_id uuid,
    line smallint,
    made_at timestamp with time zone NOT NULL,
    voided_at timestamp with time zone,
    admitted_at timestamp with time zone,
    admitted_by text DEFAULT ''::text NOT NULL,
    CONSTRAINT ticket_is_somebodys CHECK (((reservation_id IS NOT NULL) OR (sale_id IS NOT NULL))),
    CONSTRAINT ticket_number_positive CHECK ((number > 0)),
    CONSTRAINT ticket_paid_before_in CHECK (((admitted_at IS NULL) OR ((sale_id IS NOT NULL) AND (admitted_by <> ''::text)))),
    CONSTRAINT ticket_sold_by_line CHECK (((sale_id IS NULL) = (line IS NULL))),
    CONSTRAINT ticket_token_form CHECK ((token ~ '^[0-9a-z]{26}$'::text)),
    CONSTRAINT ticket_whole_seat CHECK (((block IS NULL) = (place IS NULL)))
);

COMMENT ON COLUMN sale.ticket.token IS '128 random bits: whoever has it has the ticket';

COMMENT ON COLUMN sale.ticket.block IS 'null: no seat of one''s own';

COMMENT ON COLUMN sale.ticket.sale_id IS 'null: reserved, and not paid';

CREATE TABLE sale.ticket_counter (
    community_id integer NOT NULL,
    place_id integer NOT NULL,
    last integer NOT NULL
);

CREATE TABLE sale.till (
    community_id integer NOT NULL,
    code text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT till_code_form CHECK ((code ~ '^[A-Z0-9]{1,4}$'::text))
);

CREATE TABLE sale.void (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    slip text DEFAULT ''::text NOT NULL,
    amount numeric(18,2) NOT NULL,
    voided_by text NOT NULL,
    voided_at timestamp with time zone NOT NULL,
    CONSTRAINT void_amount_not_negative CHECK ((amount >= (0)::numeric)),
    CONSTRAINT void_slip_form CHECK ((length(slip) <= 20))
);

CREATE TABLE sale.z_report (
    community_id integer NOT NULL,
    till text NOT NULL,
    number integer NOT NULL,
    session_id uuid NOT NULL,
    body text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT z_number_positive CHECK ((number > 0)),
    CONSTRAINT z_report_hash CHECK ((hash = sha256((previous || convert_to(body, 'UTF8'::name)))))
);

COMMENT ON COLUMN sale.z_report.body IS 'the figures as JSON, byte for byte as they were hashed';

CREATE TABLE schedule.disposal (
    community_id integer NOT NULL,
    item_id uuid NOT NULL,
    entry_seq bigint NOT NULL,
    how text NOT NULL,
    gone_on date NOT NULL,
    proceeds numeric(18,2) DEFAULT 0 NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT disposal_how_known CHECK ((how = ANY (ARRAY['sold'::text, 'given'::text, 'lost'::text, 'scrapped'::text, 'ended'::text]))),
    CONSTRAINT disposal_proceeds CHECK ((proceeds >= (0)::numeric))
);

CREATE TABLE schedule.item (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    number integer NOT NULL,
    name text NOT NULL,
    place text DEFAULT ''::text NOT NULL,
    holder text DEFAULT ''::text NOT NULL,
    fund_id integer NOT NULL,
    account_id integer NOT NULL,
    contra_id integer NOT NULL,
    expense_id integer NOT NULL,
    bought_on date NOT NULL,
    cost numeric(18,2) NOT NULL,
    residual numeric(18,2) DEFAULT 0 NOT NULL,
    first_month date NOT NULL,
    months integer NOT NULL,
    since date NOT NULL,
    entry_seq bigint,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT item_cost_positive CHECK ((cost > (0)::numeric)),
    CONSTRAINT item_first_is_a_month CHECK ((EXTRACT(day FROM first_month) = (1)::numeric)),
    CONSTRAINT item_has_a_name CHECK (((length(name) >= 1) AND (length(name) <= 80))),
    CONSTRAINT item_kind_known CHECK ((kind = ANY (ARRAY['asset'::text, 'prepaid'::text]))),
    CONSTRAINT item_months CHECK (((months >= 1) AND (months <= 600))),
    CONSTRAINT item_number_positive CHECK ((number > 0)),
    CONSTRAINT item_residual CHECK (((residual >= (0)::numeric) AND (residual < cost))),
    CONSTRAINT item_since_first CHECK ((since >= first_month)),
    CONSTRAINT item_since_is_a_month CHECK ((EXTRACT(day FROM since) = (1)::numeric))
);

COMMENT ON COLUMN schedule.item.since IS 'the first month that is posted here; what was written off before stands in the opening balance';

COMMENT ON COLUMN schedule.item.entry_seq IS 'the entry by which it came into the books; null where the opening balance holds it';

CREATE TABLE schedule.recurring (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    memo text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    day smallint NOT NULL,
    every smallint DEFAULT 1 NOT NULL,
    first_month date NOT NULL,
    last_month date,
    automatic boolean NOT NULL,
    paused_at timestamp with time zone,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT recurring_day CHECK (((day >= 1) AND (day <= 31))),
    CONSTRAINT recurring_detail_form CHECK (((length(detail) <= 200) AND (detail !~ '[[:cntrl:]]'::text))),
    CONSTRAINT recurring_every CHECK ((every = ANY (ARRAY[1, 2, 3, 6, 12]))),
    CONSTRAINT recurring_first_is_a_month CHECK ((EXTRACT(day FROM first_month) = (1)::numeric)),
    CONSTRAINT recurring_last_is_a_month CHECK ((EXTRACT(day FROM last_month) = (1)::numeric)),
    CONSTRAINT recurring_memo_form CHECK ((((length(memo) >= 1) AND (length(memo) <= 200)) AND (memo !~ '[[:cntrl:]]'::text)))
);

COMMENT ON COLUMN schedule.recurring.day IS 'of the month; its last day where it is shorter';

COMMENT ON COLUMN schedule.recurring.every IS 'months, counted from the first';

CREATE TABLE schedule.recurring_line (
    community_id integer NOT NULL,
    recurring_id uuid NOT NULL,
    line smallint NOT NULL,
    account_id integer NOT NULL,
    fund_id integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    CONSTRAINT recurring_line_not_zero CHECK ((amount <> (0)::numeric))
);

CREATE TABLE schedule.turn (
    community_id integer NOT NULL,
    plan_id uuid NOT NULL,
    month date NOT NULL,
    try smallint NOT NULL,
    entry_seq bigint,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT turn_is_a_month CHECK ((EXTRACT(day FROM month) = (1)::numeric))
);

COMMENT ON COLUMN schedule.turn.entry_seq IS 'null: skipped';

CREATE TABLE search.block (
    community_id integer NOT NULL,
    block integer NOT NULL,
    through bigint NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    CONSTRAINT block_days_in_order CHECK ((first_day <= last_day)),
    CONSTRAINT block_from_zero CHECK ((block >= 0))
);

COMMENT ON COLUMN search.block.through IS 'the seq of the last entry that is noted; later ones are read as they are';

CREATE TABLE search.term (
    community_id integer NOT NULL,
    block integer NOT NULL,
    term text NOT NULL COLLATE pg_catalog."C",
    entries bytea NOT NULL,
    CONSTRAINT term_entries_form CHECK ((((length(entries) >= 2) AND (length(entries) <= 512)) AND ((length(entries) % 2) = 0))),
    CONSTRAINT term_form CHECK (((length(term) >= 1) AND (length(term) <= 24)))
);

COMMENT ON COLUMN search.term.entries IS 'places in the block, two bytes each, ascending; where that would take 512 bytes or more, 4,096 bits';

CREATE TABLE spending.batch (
    community_id integer NOT NULL,
    number integer NOT NULL,
    account_id integer NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE spending.decision (
    community_id integer NOT NULL,
    request_id uuid NOT NULL,
    decided_by text NOT NULL,
    asked_by text NOT NULL,
    payee_user text NOT NULL,
    verdict text NOT NULL,
    conflict boolean NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    CONSTRAINT decision_by_somebody_else CHECK (((decided_by <> asked_by) AND (decided_by <> payee_user))),
    CONSTRAINT decision_declined_why CHECK (((verdict <> 'declined'::text) OR (reason <> ''::text))),
    CONSTRAINT decision_reason_length CHECK ((length(reason) <= 200)),
    CONSTRAINT decision_recused_by_conflict CHECK (((verdict = 'recused'::text) = conflict)),
    CONSTRAINT decision_verdict_known CHECK ((verdict = ANY (ARRAY['approved'::text, 'declined'::text, 'recused'::text])))
);

COMMENT ON COLUMN spending.decision.conflict IS 'what they declared: something ties them to who gets the money';

CREATE TABLE spending.paper (
    community_id integer NOT NULL,
    request_id uuid NOT NULL,
    original_id uuid NOT NULL
);

CREATE TABLE spending.payee (
    community_id integer NOT NULL,
    request_id uuid NOT NULL,
    name text NOT NULL,
    bank text DEFAULT ''::text NOT NULL,
    number text DEFAULT ''::text NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT payee_erased_whole CHECK (((erased_at IS NULL) OR ((name = ''::text) AND (bank = ''::text) AND (number = ''::text))))
);

CREATE TABLE spending.request (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    number integer NOT NULL,
    fund_id integer NOT NULL,
    account_id integer NOT NULL,
    year integer NOT NULL,
    amount numeric(18,2) NOT NULL,
    purpose text NOT NULL,
    method text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    payee_user text DEFAULT ''::text NOT NULL,
    approvals_needed integer NOT NULL,
    state text DEFAULT 'asked'::text NOT NULL,
    payments integer DEFAULT 0 NOT NULL,
    entry_seq bigint,
    batch integer,
    confirmed_by text,
    confirmed_at timestamp with time zone,
    project_id integer,
    line integer,
    CONSTRAINT request_amount_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT request_approvals_range CHECK (((approvals_needed >= 1) AND (approvals_needed <= 2))),
    CONSTRAINT request_asked_by_somebody CHECK ((asked_by <> ''::text)),
    CONSTRAINT request_batch_is_paid CHECK (((batch IS NULL) OR (state = 'paid'::text))),
    CONSTRAINT request_confirmed_whole CHECK ((((confirmed_by IS NULL) = (confirmed_at IS NULL)) AND ((confirmed_at IS NULL) OR (state = 'paid'::text)))),
    CONSTRAINT request_line_whole CHECK (((project_id IS NULL) = (line IS NULL))),
    CONSTRAINT request_method_known CHECK ((method = ANY (ARRAY['cash'::text, 'transfer'::text]))),
    CONSTRAINT request_number_positive CHECK ((number > 0)),
    CONSTRAINT request_paid_by_an_entry CHECK (((state = 'paid'::text) = (entry_seq IS NOT NULL))),
    CONSTRAINT request_purpose_form CHECK ((((length(purpose) >= 1) AND (length(purpose) <= 120)) AND (purpose !~ '[[:cntrl:]]'::text))),
    CONSTRAINT request_state_known CHECK ((state = ANY (ARRAY['asked'::text, 'approved'::text, 'declined'::text, 'withdrawn'::text, 'paid'::text])))
);

COMMENT ON COLUMN spending.request.payee_user IS 'who of the staff gets the money, if it is one of them: they do not approve';

COMMENT ON COLUMN spending.request.payments IS 'how often it was paid: a payment that was undone is paid again under another source';

CREATE TABLE spending.rule (
    community_id integer NOT NULL,
    second_above numeric(18,2) DEFAULT 2000 NOT NULL,
    last_number integer DEFAULT 0 NOT NULL,
    last_batch integer DEFAULT 0 NOT NULL,
    changed_by text DEFAULT ''::text NOT NULL,
    changed_at timestamp with time zone,
    CONSTRAINT rule_second_above_not_negative CHECK ((second_above >= (0)::numeric))
);

COMMENT ON COLUMN spending.rule.second_above IS 'a request for more than this is approved by two people';

CREATE TABLE spending.step (
    community_id integer NOT NULL,
    request_id uuid NOT NULL,
    number integer NOT NULL,
    what text NOT NULL,
    done_by text NOT NULL,
    done_at timestamp with time zone NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    entry_seq bigint,
    CONSTRAINT step_what_known CHECK ((what = ANY (ARRAY['withdrawn'::text, 'sent'::text, 'paid'::text, 'confirmed'::text, 'undone'::text, 'erased'::text]))),
    CONSTRAINT step_why_length CHECK ((length(why) <= 200))
);

CREATE TABLE statement.line (
    community_id integer NOT NULL,
    account_id integer NOT NULL,
    id bigint NOT NULL,
    statement_id integer NOT NULL,
    "row" integer NOT NULL,
    day date NOT NULL,
    clock text DEFAULT ''::text NOT NULL,
    amount numeric(18,2) NOT NULL,
    number text DEFAULT ''::text NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    counterparty text DEFAULT ''::text NOT NULL,
    memo text DEFAULT ''::text NOT NULL,
    balance numeric(18,2),
    key text NOT NULL
);

CREATE TABLE statement.profile (
    community_id integer NOT NULL,
    account_id integer NOT NULL,
    profile jsonb NOT NULL,
    saved_by text NOT NULL,
    saved_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE statement.statement (
    community_id integer NOT NULL,
    id integer NOT NULL,
    account_id integer NOT NULL,
    name text NOT NULL,
    format text NOT NULL,
    layout text NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    opening numeric(18,2),
    closing numeric(18,2),
    first_day date,
    last_day date,
    lines integer NOT NULL,
    fresh integer NOT NULL,
    warnings jsonb DEFAULT '[]'::jsonb NOT NULL,
    digest bytea NOT NULL,
    imported_by text NOT NULL,
    imported_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT statement_digest_form CHECK ((length(digest) = 32))
);

COMMENT ON COLUMN statement.statement.label IS 'the account as the file names it, often masked';

COMMENT ON COLUMN statement.statement.fresh IS 'how many of its lines no earlier file had';

CREATE TABLE transparency.checkpoint (
    community_id integer NOT NULL,
    size bigint NOT NULL,
    number integer NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    papers bigint DEFAULT 0 NOT NULL,
    papers_root bytea,
    CONSTRAINT checkpoint_papers_root_form CHECK ((length(papers_root) = 32)),
    CONSTRAINT checkpoint_papers_whole CHECK (((papers = 0) = (papers_root IS NULL))),
    CONSTRAINT checkpoint_root_form CHECK ((length(root) = 32))
);

CREATE TABLE transparency.cosignature (
    community_id integer NOT NULL,
    number integer NOT NULL,
    witness_id integer NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    line text NOT NULL,
    CONSTRAINT cosignature_form CHECK ((line ~ '^— [^ ]+ [A-Za-z0-9+/=]+$'::text))
);

CREATE TABLE transparency.fork (
    community_id integer NOT NULL,
    digest bytea NOT NULL,
    watched_id integer NOT NULL,
    proof text NOT NULL,
    found_at timestamp with time zone NOT NULL,
    CONSTRAINT fork_digest_form CHECK ((length(digest) = 32))
);

COMMENT ON COLUMN transparency.fork.proof IS 'as fund verify fork reads it';

CREATE TABLE transparency.hash (
    community_id integer NOT NULL,
    hash_index bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT hash_form CHECK ((length(hash) = 32))
);

CREATE TABLE transparency.leaf (
    community_id integer NOT NULL,
    leaf_index bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT leaf_hash_form CHECK ((length(hash) = 32)),
    CONSTRAINT leaf_leaf_index_check CHECK ((leaf_index >= 0))
);

COMMENT ON TABLE transparency.leaf IS 'SHA-256 of 0x00 and the record (RFC 6962), written by the verb that writes the record';

CREATE TABLE transparency.paper_hash (
    community_id integer NOT NULL,
    hash_index bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT paper_hash_form CHECK ((length(hash) = 32))
);

CREATE TABLE transparency.paper_leaf (
    community_id integer NOT NULL,
    leaf_index bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT paper_leaf_hash_form CHECK ((length(hash) = 32)),
    CONSTRAINT paper_leaf_leaf_index_check CHECK ((leaf_index >= 0))
);

CREATE TABLE transparency.watched (
    community_id integer NOT NULL,
    id integer NOT NULL,
    title text NOT NULL,
    origin text NOT NULL,
    public_key text NOT NULL,
    added_by text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    size bigint DEFAULT 0 NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    cosigned_at timestamp with time zone,
    CONSTRAINT watched_has_a_title CHECK (((length(title) >= 1) AND (length(title) <= 80))),
    CONSTRAINT watched_id_positive CHECK ((id > 0)),
    CONSTRAINT watched_key_form CHECK (((length(public_key) >= 20) AND (length(public_key) <= 300))),
    CONSTRAINT watched_origin_form CHECK ((origin ~ '^[^[:space:]+]{1,200}$'::text))
);

CREATE TABLE transparency.witness (
    community_id integer NOT NULL,
    id integer NOT NULL,
    title text NOT NULL,
    public_key text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    added_by text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    asked_at timestamp with time zone,
    answer text DEFAULT ''::text NOT NULL,
    size bigint DEFAULT 0 NOT NULL,
    CONSTRAINT witness_address_form CHECK (((address = ''::text) OR (address ~ '^https?://[!-~]+$'::text))),
    CONSTRAINT witness_answer_known CHECK ((answer = ANY (ARRAY[''::text, 'signed'::text, 'silent'::text, 'stranger'::text, 'disputed'::text, 'forked'::text, 'unsigned'::text]))),
    CONSTRAINT witness_has_a_title CHECK (((length(title) >= 1) AND (length(title) <= 80))),
    CONSTRAINT witness_id_positive CHECK ((id > 0)),
    CONSTRAINT witness_key_form CHECK (((length(public_key) >= 20) AND (length(public_key) <= 300))),
    CONSTRAINT witness_size_not_negative CHECK ((size >= 0))
);

COMMENT ON COLUMN transparency.witness.address IS 'where it takes checkpoints (C2SP tlog-witness, the submission prefix); empty for a person who sends signatures';

COMMENT ON COLUMN transparency.witness.answer IS 'to the last time it was asked; silent: no answer; stranger: it does not know our log; disputed: it refused our proof or signature; forked: it holds another log of ours; unsigned: its answer holds no signature by its key';

COMMENT ON COLUMN transparency.witness.size IS 'the size it last countersigned, as far as we know: the next proof starts there';

CREATE TABLE upload.file (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    purpose text NOT NULL,
    about integer DEFAULT 0 NOT NULL,
    name text NOT NULL,
    packed bytea NOT NULL,
    uploaded_by text NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    CONSTRAINT file_purpose_form CHECK ((purpose ~ '^[a-z_]{2,20}$'::text))
);
ALTER TABLE ONLY upload.file ALTER COLUMN packed SET STORAGE EXTERNAL;

COMMENT ON COLUMN upload.file.about IS 'what its purpose is about, such as the account of a bank statement; 0: nothing';

COMMENT ON COLUMN upload.file.packed IS 'the file, by gzip';

CREATE TABLE voice.asker (
    community_id integer NOT NULL,
    question_id uuid NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    lang text NOT NULL
);

CREATE TABLE voice.contact (
    community_id integer NOT NULL,
    proposal_id uuid NOT NULL,
    name text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    email text DEFAULT ''::text NOT NULL
);

CREATE TABLE voice.follow (
    community_id integer NOT NULL,
    donation_id uuid NOT NULL,
    campaign_id integer NOT NULL,
    token text NOT NULL,
    since timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT follow_token_form CHECK ((token ~ '^[a-z2-7]{26}$'::text))
);

CREATE TABLE voice.letter (
    community_id integer NOT NULL,
    post_id integer NOT NULL,
    donation_id uuid NOT NULL,
    batch integer NOT NULL,
    claimed_at timestamp with time zone,
    done_at timestamp with time zone,
    sent boolean DEFAULT false NOT NULL
);

CREATE TABLE voice.photo (
    community_id integer NOT NULL,
    picture_id uuid NOT NULL,
    campaign_id integer,
    proposal_id uuid,
    post_id integer,
    place integer NOT NULL,
    caption text DEFAULT ''::text NOT NULL,
    CONSTRAINT photo_of_one CHECK ((num_nonnulls(campaign_id, proposal_id, post_id) = 1))
);

CREATE TABLE voice.post (
    community_id integer NOT NULL,
    id integer NOT NULL,
    campaign_id integer NOT NULL,
    kind text NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    title_zh text NOT NULL,
    title_en text DEFAULT ''::text NOT NULL,
    body_zh text NOT NULL,
    body_en text DEFAULT ''::text NOT NULL,
    by_whom text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    decided_by text DEFAULT ''::text NOT NULL,
    decided_at timestamp with time zone,
    why text DEFAULT ''::text NOT NULL,
    CONSTRAINT post_by_somebody CHECK ((by_whom <> ''::text)),
    CONSTRAINT post_decided_by_somebody CHECK (((state <> ALL (ARRAY['published'::text, 'declined'::text])) OR ((decided_by <> ''::text) AND (decided_at IS NOT NULL)))),
    CONSTRAINT post_declined_with_a_reason CHECK (((state <> 'declined'::text) OR (why <> ''::text))),
    CONSTRAINT post_kind_known CHECK ((kind = ANY (ARRAY['update'::text, 'thanks'::text]))),
    CONSTRAINT post_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'published'::text, 'declined'::text]))),
    CONSTRAINT post_title_said CHECK ((title_zh <> ''::text))
);

CREATE TABLE voice.proposal (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    token text NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    lang text NOT NULL,
    theme text DEFAULT ''::text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    purpose text DEFAULT ''::text NOT NULL,
    story text DEFAULT ''::text NOT NULL,
    budget jsonb DEFAULT '[]'::jsonb NOT NULL,
    starts_on date,
    ends_on date,
    campaign_id integer,
    created_at timestamp with time zone NOT NULL,
    moved_at timestamp with time zone NOT NULL,
    CONSTRAINT proposal_accepted_is_a_campaign CHECK (((state = 'accepted'::text) = (campaign_id IS NOT NULL))),
    CONSTRAINT proposal_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'changes'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text]))),
    CONSTRAINT proposal_token_form CHECK ((token ~ '^[a-z2-7]{26}$'::text))
);

COMMENT ON COLUMN voice.proposal.token IS '130 random bits: whoever has the address may change the proposal while it is theirs';

COMMENT ON COLUMN voice.proposal.budget IS '[{"name": "…", "amount": "120.00"}], what the money buys';

CREATE TABLE voice.question (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    campaign_id integer,
    state text DEFAULT 'open'::text NOT NULL,
    body text NOT NULL,
    answer text DEFAULT ''::text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answered_by text DEFAULT ''::text NOT NULL,
    answered_at timestamp with time zone,
    entry_seq bigint,
    due_on date,
    CONSTRAINT question_answered_by_somebody CHECK (((state <> 'answered'::text) OR ((answer <> ''::text) AND (answered_by <> ''::text) AND (answered_at IS NOT NULL)))),
    CONSTRAINT question_of_entry_due CHECK (((entry_seq IS NULL) OR (due_on IS NOT NULL))),
    CONSTRAINT question_of_one CHECK ((num_nonnulls(campaign_id, entry_seq) = 1)),
    CONSTRAINT question_said CHECK ((body <> ''::text)),
    CONSTRAINT question_state_known CHECK ((state = ANY (ARRAY['open'::text, 'answered'::text, 'hidden'::text])))
);

CREATE TABLE voice.setting (
    community_id integer NOT NULL,
    answer_days integer NOT NULL,
    CONSTRAINT setting_answer_days CHECK (((answer_days >= 1) AND (answer_days <= 60)))
);

COMMENT ON COLUMN voice.setting.answer_days IS 'within so many days a question about an entry is answered; without a row within 7';

CREATE TABLE voice.step (
    community_id integer NOT NULL,
    proposal_id uuid NOT NULL,
    n integer NOT NULL,
    state text NOT NULL,
    by_whom text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT step_by_somebody CHECK ((by_whom <> ''::text))
);

CREATE TABLE webhook.delivery (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    subscriber_id uuid NOT NULL,
    event_id uuid NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    status integer,
    problem text DEFAULT ''::text NOT NULL,
    took_ms integer,
    tried_at timestamp with time zone,
    CONSTRAINT delivery_state_known CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'dropped'::text])))
);

CREATE TABLE webhook.event (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    data jsonb NOT NULL
);

CREATE TABLE webhook.heard (
    community_id integer NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    checkpoint integer DEFAULT 0 NOT NULL
);

CREATE TABLE webhook.subscriber (
    community_id integer NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    events text[] NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    turn integer DEFAULT 1 NOT NULL,
    turned_at timestamp with time zone NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    rests_until timestamp with time zone,
    reached_at timestamp with time zone,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT subscriber_paused_why CHECK (((state = 'paused'::text) = (why <> ''::text))),
    CONSTRAINT subscriber_state_known CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'removed'::text]))),
    CONSTRAINT subscriber_url_form CHECK (((url ~~ 'https://%'::text) AND (length(url) <= 400))),
    CONSTRAINT subscriber_wants_some CHECK ((cardinality(events) > 0)),
    CONSTRAINT subscriber_why_known CHECK ((why = ANY (ARRAY[''::text, 'hand'::text, 'failures'::text, 'gone'::text])))
);

CREATE TABLE webhook.told (
    community_id integer NOT NULL,
    key text NOT NULL
);

ALTER TABLE ONLY auth.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY auth.login_attempt
    ADD CONSTRAINT login_attempt_pkey PRIMARY KEY (key);

ALTER TABLE ONLY auth.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (community_id, user_id);

ALTER TABLE ONLY auth.rate_limit
    ADD CONSTRAINT rate_limit_pkey PRIMARY KEY (key);

ALTER TABLE ONLY auth.reset
    ADD CONSTRAINT reset_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);

ALTER TABLE ONLY auth.session
    ADD CONSTRAINT session_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY auth."user"
    ADD CONSTRAINT user_login_is_taken UNIQUE (login);

ALTER TABLE ONLY auth."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY box.box
    ADD CONSTRAINT box_number_key UNIQUE (community_id, number);

ALTER TABLE ONLY box.box
    ADD CONSTRAINT box_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY box.count
    ADD CONSTRAINT count_by_two_people UNIQUE (community_id, box_id, round, counter);

ALTER TABLE ONLY box.count
    ADD CONSTRAINT count_pkey PRIMARY KEY (community_id, box_id, round, nth);

ALTER TABLE ONLY box.round
    ADD CONSTRAINT round_pkey PRIMARY KEY (community_id, box_id, round);

ALTER TABLE ONLY box.round
    ADD CONSTRAINT round_seal_key UNIQUE (community_id, seal);

ALTER TABLE ONLY budget.line
    ADD CONSTRAINT budget_line_pkey PRIMARY KEY (community_id, fund_id, year, version, account_id);

ALTER TABLE ONLY budget.version
    ADD CONSTRAINT budget_version_pkey PRIMARY KEY (community_id, fund_id, year, version);

ALTER TABLE ONLY budget.year
    ADD CONSTRAINT budget_year_pkey PRIMARY KEY (community_id, fund_id, year);

ALTER TABLE ONLY budget.commitment
    ADD CONSTRAINT commitment_pkey PRIMARY KEY (community_id, source);

ALTER TABLE ONLY campaigns.budget_line
    ADD CONSTRAINT budget_line_pkey PRIMARY KEY (community_id, campaign_id, line);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_slug_key UNIQUE (community_id, slug);

ALTER TABLE ONLY campaigns.conclusion
    ADD CONSTRAINT conclusion_pkey PRIMARY KEY (community_id, campaign_id);

ALTER TABLE ONLY campaigns.donation
    ADD CONSTRAINT donation_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.donor
    ADD CONSTRAINT donor_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.evidence
    ADD CONSTRAINT evidence_pkey PRIMARY KEY (community_id, entry_seq, picture_id);

ALTER TABLE ONLY campaigns.host
    ADD CONSTRAINT host_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.in_kind
    ADD CONSTRAINT in_kind_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.match
    ADD CONSTRAINT match_pkey PRIMARY KEY (community_id, donation_id, pool_id);

ALTER TABLE ONLY campaigns.original
    ADD CONSTRAINT original_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.paper
    ADD CONSTRAINT paper_once UNIQUE (community_id, entry_seq, file_id, what);

ALTER TABLE ONLY campaigns.paper
    ADD CONSTRAINT paper_pkey PRIMARY KEY (community_id, number);

ALTER TABLE ONLY campaigns.picture
    ADD CONSTRAINT picture_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.pool
    ADD CONSTRAINT pool_fund_key UNIQUE (community_id, fund_id);

ALTER TABLE ONLY campaigns.pool
    ADD CONSTRAINT pool_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.refund_progress
    ADD CONSTRAINT progress_pkey PRIMARY KEY (community_id, refund_id);

ALTER TABLE ONLY campaigns.quarantine
    ADD CONSTRAINT quarantine_once UNIQUE (community_id, provider, provider_ref);

ALTER TABLE ONLY campaigns.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.refund
    ADD CONSTRAINT refund_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY campaigns.tally
    ADD CONSTRAINT tally_pkey PRIMARY KEY (community_id, campaign_id);

ALTER TABLE ONLY council.ballot
    ADD CONSTRAINT ballot_pkey PRIMARY KEY (community_id, motion_id, code);

ALTER TABLE ONLY council.comment
    ADD CONSTRAINT comment_pkey PRIMARY KEY (community_id, motion_id, n);

ALTER TABLE ONLY council.council
    ADD CONSTRAINT council_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY council.council
    ADD CONSTRAINT council_slug_key UNIQUE (community_id, slug);

ALTER TABLE ONLY council.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (community_id, council_id, number);

ALTER TABLE ONLY council.minuted
    ADD CONSTRAINT minuted_pkey PRIMARY KEY (community_id, motion_id);

ALTER TABLE ONLY council.minutes
    ADD CONSTRAINT minutes_pkey PRIMARY KEY (community_id, council_id, year, number);

ALTER TABLE ONLY council.motion
    ADD CONSTRAINT motion_escalated_once UNIQUE (community_id, escalates);

ALTER TABLE ONLY council.motion
    ADD CONSTRAINT motion_number_key UNIQUE (community_id, council_id, year, number);

ALTER TABLE ONLY council.motion
    ADD CONSTRAINT motion_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY council.moved
    ADD CONSTRAINT moved_pkey PRIMARY KEY (community_id, entry_seq);

ALTER TABLE ONLY council.paper_count
    ADD CONSTRAINT paper_count_two_people PRIMARY KEY (community_id, motion_id, round, counted_by);

ALTER TABLE ONLY council.paper
    ADD CONSTRAINT paper_pkey PRIMARY KEY (community_id, motion_id, n);

ALTER TABLE ONLY council.result
    ADD CONSTRAINT result_pkey PRIMARY KEY (community_id, motion_id);

ALTER TABLE ONLY council.roll
    ADD CONSTRAINT roll_pkey PRIMARY KEY (community_id, motion_id, member);

ALTER TABLE ONLY council.rule
    ADD CONSTRAINT rule_pkey PRIMARY KEY (community_id, council_id, n);

ALTER TABLE ONLY council.signature
    ADD CONSTRAINT signature_pkey PRIMARY KEY (community_id, council_id, year, number, member);

ALTER TABLE ONLY council.use
    ADD CONSTRAINT use_pkey PRIMARY KEY (community_id, entry_seq);

ALTER TABLE ONLY disclosure.counter
    ADD CONSTRAINT counter_pkey PRIMARY KEY (community_id, year);

ALTER TABLE ONLY disclosure.document
    ADD CONSTRAINT document_duty_once UNIQUE (community_id, duty, version);

ALTER TABLE ONLY disclosure.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (community_id, year, number, version);

ALTER TABLE ONLY disclosure.draft
    ADD CONSTRAINT draft_pkey PRIMARY KEY (community_id, duty);

ALTER TABLE ONLY disclosure.drawing
    ADD CONSTRAINT drawing_pkey PRIMARY KEY (community_id, year, number, version, lang);

ALTER TABLE ONLY disclosure.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY disclosure.feed
    ADD CONSTRAINT feed_pkey PRIMARY KEY (community_id, user_id);

ALTER TABLE ONLY disclosure.feed
    ADD CONSTRAINT feed_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY giver.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (community_id, donation_id, number);

ALTER TABLE ONLY giver.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY giver.refund_request
    ADD CONSTRAINT refund_request_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY giver.refund_rule
    ADD CONSTRAINT refund_rule_pkey PRIMARY KEY (community_id, campaign_id);

ALTER TABLE ONLY giver.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (community_id, token_hash);

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_code_key UNIQUE (community_id, code);

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_purpose_key UNIQUE (community_id, purpose);

ALTER TABLE ONLY ledger.balance
    ADD CONSTRAINT balance_pkey PRIMARY KEY (community_id, account_id, fund_id, month);

ALTER TABLE ONLY ledger.book
    ADD CONSTRAINT book_pkey PRIMARY KEY (community_id);

ALTER TABLE ONLY ledger.book_year
    ADD CONSTRAINT book_year_pkey PRIMARY KEY (community_id, year);

ALTER TABLE ONLY ledger.closing
    ADD CONSTRAINT closing_pkey PRIMARY KEY (community_id, month, number);

ALTER TABLE ONLY ledger.community
    ADD CONSTRAINT community_pkey PRIMARY KEY (id);

ALTER TABLE ONLY ledger.community
    ADD CONSTRAINT community_slug_key UNIQUE (slug);

ALTER TABLE ONLY ledger.cash_deposit
    ADD CONSTRAINT deposit_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY ledger.cash_deposit
    ADD CONSTRAINT deposit_slip_key UNIQUE (community_id, slip);

ALTER TABLE ONLY ledger.journal_entry
    ADD CONSTRAINT entry_date_key UNIQUE (community_id, entry_date, seq);

ALTER TABLE ONLY ledger.journal_entry
    ADD CONSTRAINT entry_number_key UNIQUE (community_id, year, number);

ALTER TABLE ONLY ledger.journal_entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (community_id, seq);

ALTER TABLE ONLY ledger.journal_entry
    ADD CONSTRAINT entry_source_key UNIQUE (community_id, source);

ALTER TABLE ONLY ledger.fund_balance
    ADD CONSTRAINT fund_balance_pkey PRIMARY KEY (community_id, fund_id);

ALTER TABLE ONLY ledger.fund
    ADD CONSTRAINT fund_code_key UNIQUE (community_id, code);

ALTER TABLE ONLY ledger.fund_loan
    ADD CONSTRAINT fund_loan_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY ledger.fund
    ADD CONSTRAINT fund_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY ledger.fund_repayment
    ADD CONSTRAINT fund_repayment_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY ledger.fund
    ADD CONSTRAINT fund_restriction_key UNIQUE (community_id, id, restricted);

ALTER TABLE ONLY ledger.month_tally
    ADD CONSTRAINT month_tally_pkey PRIMARY KEY (community_id, month);

ALTER TABLE ONLY ledger.period
    ADD CONSTRAINT period_pkey PRIMARY KEY (community_id, month);

ALTER TABLE ONLY ledger.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (community_id, seq, line);

ALTER TABLE ONLY ledger.reopening
    ADD CONSTRAINT reopening_of_month UNIQUE (community_id, id, month);

ALTER TABLE ONLY ledger.reopening
    ADD CONSTRAINT reopening_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY ledger.template_line
    ADD CONSTRAINT template_line_pkey PRIMARY KEY (community_id, template_id, line);

ALTER TABLE ONLY ledger.template
    ADD CONSTRAINT template_name_once UNIQUE (community_id, name);

ALTER TABLE ONLY ledger.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY ledger.year_end
    ADD CONSTRAINT year_end_pkey PRIMARY KEY (community_id, account_id, fund_id, month);

ALTER TABLE ONLY mail.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY mail.kept
    ADD CONSTRAINT kept_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY mail.reply_to
    ADD CONSTRAINT reply_to_pkey PRIMARY KEY (community_id);

ALTER TABLE ONLY mutualaid.card
    ADD CONSTRAINT card_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY mutualaid.engagement
    ADD CONSTRAINT engagement_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY mutualaid.hour_book
    ADD CONSTRAINT hour_book_pkey PRIMARY KEY (community_id);

ALTER TABLE ONLY mutualaid.hour_entry
    ADD CONSTRAINT hour_entry_pkey PRIMARY KEY (community_id, number);

ALTER TABLE ONLY mutualaid.hour_entry
    ADD CONSTRAINT hour_entry_reversed_once UNIQUE (community_id, reverses);

ALTER TABLE ONLY mutualaid.hour_entry
    ADD CONSTRAINT hour_entry_source_key UNIQUE (community_id, source);

ALTER TABLE ONLY mutualaid.hour_posting
    ADD CONSTRAINT hour_posting_pkey PRIMARY KEY (community_id, number, line);

ALTER TABLE ONLY mutualaid.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY mutualaid.person
    ADD CONSTRAINT person_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY mutualaid.register
    ADD CONSTRAINT register_pkey PRIMARY KEY (community_id);

ALTER TABLE ONLY mutualaid.step
    ADD CONSTRAINT step_pkey PRIMARY KEY (community_id, engagement_id, n);

ALTER TABLE ONLY organisation.activity
    ADD CONSTRAINT activity_pkey PRIMARY KEY (community_id, organisation_id, n);

ALTER TABLE ONLY organisation.agreement
    ADD CONSTRAINT agreement_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY organisation.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (community_id, organisation_id);

ALTER TABLE ONLY organisation.invoice_book
    ADD CONSTRAINT invoice_book_pkey PRIMARY KEY (community_id, year);

ALTER TABLE ONLY organisation.invoice
    ADD CONSTRAINT invoice_number_key UNIQUE (community_id, year, number);

ALTER TABLE ONLY organisation.invoice
    ADD CONSTRAINT invoice_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY organisation.item
    ADD CONSTRAINT item_pkey PRIMARY KEY (community_id, agreement_id, n);

ALTER TABLE ONLY organisation.member_count
    ADD CONSTRAINT member_count_pkey PRIMARY KEY (community_id, organisation_id, counted_on);

ALTER TABLE ONLY organisation.organisation
    ADD CONSTRAINT organisation_fund_key UNIQUE (community_id, fund_id);

ALTER TABLE ONLY organisation.organisation
    ADD CONSTRAINT organisation_name_key UNIQUE (community_id, name_zh);

ALTER TABLE ONLY organisation.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY organisation.organisation
    ADD CONSTRAINT organisation_slug_key UNIQUE (community_id, slug);

ALTER TABLE ONLY organisation.payment
    ADD CONSTRAINT payment_entry_key UNIQUE (community_id, entry_seq);

ALTER TABLE ONLY organisation.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY organisation.release
    ADD CONSTRAINT release_entry_key UNIQUE (community_id, entry_seq);

ALTER TABLE ONLY organisation.release
    ADD CONSTRAINT release_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY organisation.rule
    ADD CONSTRAINT rule_pkey PRIMARY KEY (community_id, n);

ALTER TABLE ONLY organisation.rule
    ADD CONSTRAINT rule_since_key UNIQUE (community_id, since);

ALTER TABLE ONLY organisation.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY organisation.small_grant
    ADD CONSTRAINT small_grant_entry_key UNIQUE (community_id, entry_seq);

ALTER TABLE ONLY organisation.small_grant
    ADD CONSTRAINT small_grant_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY organisation.tier
    ADD CONSTRAINT tier_amount_key UNIQUE (community_id, rule_n, points, amount);

ALTER TABLE ONLY organisation.tier
    ADD CONSTRAINT tier_pkey PRIMARY KEY (community_id, rule_n, points);

ALTER TABLE ONLY outbox.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY payment.checkout
    ADD CONSTRAINT checkout_pkey PRIMARY KEY (community_id, order_id);

ALTER TABLE ONLY payment.reference
    ADD CONSTRAINT reference_order_key UNIQUE (community_id, order_id);

ALTER TABLE ONLY payment.reference
    ADD CONSTRAINT reference_pkey PRIMARY KEY (community_id, reference);

ALTER TABLE ONLY payment.sandbox_order
    ADD CONSTRAINT sandbox_order_pkey PRIMARY KEY (community_id, order_id);

ALTER TABLE ONLY payment.sandbox_refund
    ADD CONSTRAINT sandbox_refund_pkey PRIMARY KEY (community_id, order_id, refund_id);

ALTER TABLE ONLY pledge.gift
    ADD CONSTRAINT gift_pkey PRIMARY KEY (community_id, donation_id);

ALTER TABLE ONLY pledge.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY pledge.plan
    ADD CONSTRAINT plan_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY pledge.pledge
    ADD CONSTRAINT pledge_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY pledge.pledge
    ADD CONSTRAINT pledge_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY pledge.reminder
    ADD CONSTRAINT reminder_pkey PRIMARY KEY (community_id, promise_id, occasion);

ALTER TABLE ONLY project.budget_line
    ADD CONSTRAINT budget_line_pkey PRIMARY KEY (community_id, project_id, line);

ALTER TABLE ONLY project.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (community_id, project_id);

ALTER TABLE ONLY project.milestone_entry
    ADD CONSTRAINT milestone_entry_pkey PRIMARY KEY (community_id, project_id, number, entry_seq);

ALTER TABLE ONLY project.milestone_picture
    ADD CONSTRAINT milestone_picture_pkey PRIMARY KEY (community_id, picture_id);

ALTER TABLE ONLY project.milestone
    ADD CONSTRAINT milestone_pkey PRIMARY KEY (community_id, project_id, number);

ALTER TABLE ONLY project.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (community_id, project_id, number);

ALTER TABLE ONLY project.project
    ADD CONSTRAINT project_fund_key UNIQUE (community_id, fund_id);

ALTER TABLE ONLY project.project
    ADD CONSTRAINT project_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY project.project
    ADD CONSTRAINT project_slug_key UNIQUE (community_id, slug);

ALTER TABLE ONLY project.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (community_id, project_id);

ALTER TABLE ONLY project.proposal
    ADD CONSTRAINT proposal_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY project.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (community_id, project_id);

ALTER TABLE ONLY project.spent_on
    ADD CONSTRAINT spent_on_pkey PRIMARY KEY (community_id, entry_seq, project_id, line);

ALTER TABLE ONLY project.step
    ADD CONSTRAINT step_pkey PRIMARY KEY (community_id, project_id, n);

ALTER TABLE ONLY project.story
    ADD CONSTRAINT story_pkey PRIMARY KEY (community_id, project_id, number);

ALTER TABLE ONLY publication.schedule
    ADD CONSTRAINT schedule_pkey PRIMARY KEY (community_id, kind, span);

ALTER TABLE ONLY publication.subscriber
    ADD CONSTRAINT subscriber_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY publication.subscriber
    ADD CONSTRAINT subscriber_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY receipt.counter
    ADD CONSTRAINT counter_pkey PRIMARY KEY (community_id, series, year);

ALTER TABLE ONLY receipt.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (community_id, series, year, number);

ALTER TABLE ONLY receipt.receipt
    ADD CONSTRAINT receipt_subject_key UNIQUE (community_id, subject_id);

ALTER TABLE ONLY receipt.receipt
    ADD CONSTRAINT receipt_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY receipt.void
    ADD CONSTRAINT void_pkey PRIMARY KEY (community_id, series, year, number);

ALTER TABLE ONLY reconcile.match_line
    ADD CONSTRAINT match_line_pkey PRIMARY KEY (community_id, match_id, line_id);

ALTER TABLE ONLY reconcile.match
    ADD CONSTRAINT match_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY reconcile.match_posting
    ADD CONSTRAINT match_posting_pkey PRIMARY KEY (community_id, match_id, seq, posting);

ALTER TABLE ONLY reconcile.reconciliation
    ADD CONSTRAINT reconciliation_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY reconcile.rule
    ADD CONSTRAINT rule_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY reconcile.transit
    ADD CONSTRAINT transit_pkey PRIMARY KEY (community_id, seq, posting);

ALTER TABLE ONLY report.cash_month
    ADD CONSTRAINT cash_month_pkey PRIMARY KEY (community_id, month, account_id, fund_id);

ALTER TABLE ONLY report.cash_through
    ADD CONSTRAINT cash_through_pkey PRIMARY KEY (community_id);

ALTER TABLE ONLY round.ballot
    ADD CONSTRAINT ballot_pkey PRIMARY KEY (community_id, round_id, number);

ALTER TABLE ONLY round.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (community_id, round_id, number);

ALTER TABLE ONLY round.code
    ADD CONSTRAINT code_pkey PRIMARY KEY (community_id, round_id, digest);

ALTER TABLE ONLY round.idea
    ADD CONSTRAINT idea_form_key UNIQUE (community_id, form);

ALTER TABLE ONLY round.idea
    ADD CONSTRAINT idea_pkey PRIMARY KEY (community_id, round_id, number);

ALTER TABLE ONLY round.idea
    ADD CONSTRAINT idea_project_key UNIQUE (community_id, project_id);

ALTER TABLE ONLY round.proposer
    ADD CONSTRAINT proposer_pkey PRIMARY KEY (community_id, round_id, number);

ALTER TABLE ONLY round.result
    ADD CONSTRAINT result_pkey PRIMARY KEY (community_id, round_id, number);

ALTER TABLE ONLY round.result
    ADD CONSTRAINT result_rank_key UNIQUE (community_id, round_id, rank);

ALTER TABLE ONLY round.round
    ADD CONSTRAINT round_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY round.round
    ADD CONSTRAINT round_slug_key UNIQUE (community_id, slug);

ALTER TABLE ONLY round.staged
    ADD CONSTRAINT staged_pkey PRIMARY KEY (community_id, round_id, id);

ALTER TABLE ONLY round.tally
    ADD CONSTRAINT tally_pkey PRIMARY KEY (community_id, round_id);

ALTER TABLE ONLY sale.auction
    ADD CONSTRAINT auction_pkey PRIMARY KEY (community_id, place_id);

ALTER TABLE ONLY sale.bid
    ADD CONSTRAINT bid_pkey PRIMARY KEY (community_id, item_id, nth);

ALTER TABLE ONLY sale.bidder
    ADD CONSTRAINT bidder_pkey PRIMARY KEY (community_id, place_id, paddle);

ALTER TABLE ONLY sale.bidder
    ADD CONSTRAINT bidder_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY sale.cost
    ADD CONSTRAINT cost_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.count
    ADD CONSTRAINT count_by_two_people UNIQUE (community_id, session_id, counter);

ALTER TABLE ONLY sale.count
    ADD CONSTRAINT count_pkey PRIMARY KEY (community_id, session_id, nth);

ALTER TABLE ONLY sale.item
    ADD CONSTRAINT item_code_key UNIQUE (community_id, place_id, code);

ALTER TABLE ONLY sale.item
    ADD CONSTRAINT item_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.line
    ADD CONSTRAINT line_pkey PRIMARY KEY (community_id, sale_id, line);

ALTER TABLE ONLY sale.lot
    ADD CONSTRAINT lot_pkey PRIMARY KEY (community_id, item_id);

ALTER TABLE ONLY sale.payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (community_id, sale_id, nth);

ALTER TABLE ONLY sale.place
    ADD CONSTRAINT place_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.place
    ADD CONSTRAINT place_slug_key UNIQUE (community_id, slug);

ALTER TABLE ONLY sale.refund_line
    ADD CONSTRAINT refund_line_pkey PRIMARY KEY (community_id, refund_id, line);

ALTER TABLE ONLY sale.refund_payment
    ADD CONSTRAINT refund_payment_pkey PRIMARY KEY (community_id, refund_id, way);

ALTER TABLE ONLY sale.refund
    ADD CONSTRAINT refund_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.reservation
    ADD CONSTRAINT reservation_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.reservation
    ADD CONSTRAINT reservation_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY sale.sale
    ADD CONSTRAINT sale_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.seat
    ADD CONSTRAINT seat_pkey PRIMARY KEY (community_id, item_id, block, place);

ALTER TABLE ONLY sale.seat_plan
    ADD CONSTRAINT seat_plan_pkey PRIMARY KEY (community_id, item_id);

ALTER TABLE ONLY sale.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (community_id);

ALTER TABLE ONLY sale.shift
    ADD CONSTRAINT shift_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.surplus
    ADD CONSTRAINT surplus_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.takings
    ADD CONSTRAINT takings_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.ticket_counter
    ADD CONSTRAINT ticket_counter_pkey PRIMARY KEY (community_id, place_id);

ALTER TABLE ONLY sale.ticket
    ADD CONSTRAINT ticket_pkey PRIMARY KEY (community_id, place_id, number);

ALTER TABLE ONLY sale.ticket
    ADD CONSTRAINT ticket_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY sale.till
    ADD CONSTRAINT till_pkey PRIMARY KEY (community_id, code);

ALTER TABLE ONLY sale.void
    ADD CONSTRAINT void_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY sale.z_report
    ADD CONSTRAINT z_report_pkey PRIMARY KEY (community_id, till, number);

ALTER TABLE ONLY sale.z_report
    ADD CONSTRAINT z_report_session_key UNIQUE (community_id, session_id);

ALTER TABLE ONLY schedule.disposal
    ADD CONSTRAINT disposal_pkey PRIMARY KEY (community_id, item_id, entry_seq);

ALTER TABLE ONLY schedule.item
    ADD CONSTRAINT item_number_key UNIQUE (community_id, kind, number);

ALTER TABLE ONLY schedule.item
    ADD CONSTRAINT item_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY schedule.recurring_line
    ADD CONSTRAINT recurring_line_pkey PRIMARY KEY (community_id, recurring_id, line);

ALTER TABLE ONLY schedule.recurring
    ADD CONSTRAINT recurring_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY schedule.turn
    ADD CONSTRAINT turn_pkey PRIMARY KEY (community_id, plan_id, month, try);

ALTER TABLE ONLY search.block
    ADD CONSTRAINT block_pkey PRIMARY KEY (community_id, block);

ALTER TABLE ONLY search.term
    ADD CONSTRAINT term_pkey PRIMARY KEY (community_id, block, term);

ALTER TABLE ONLY spending.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (community_id, number);

ALTER TABLE ONLY spending.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (community_id, request_id, decided_by);

ALTER TABLE ONLY spending.paper
    ADD CONSTRAINT paper_pkey PRIMARY KEY (community_id, request_id, original_id);

ALTER TABLE ONLY spending.payee
    ADD CONSTRAINT payee_pkey PRIMARY KEY (community_id, request_id);

ALTER TABLE ONLY spending.request
    ADD CONSTRAINT request_number_key UNIQUE (community_id, number);

ALTER TABLE ONLY spending.request
    ADD CONSTRAINT request_people_key UNIQUE (community_id, id, asked_by, payee_user);

ALTER TABLE ONLY spending.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY spending.rule
    ADD CONSTRAINT rule_pkey PRIMARY KEY (community_id);

ALTER TABLE ONLY spending.step
    ADD CONSTRAINT step_pkey PRIMARY KEY (community_id, request_id, number);

ALTER TABLE ONLY statement.line
    ADD CONSTRAINT line_once UNIQUE (community_id, account_id, key);

ALTER TABLE ONLY statement.line
    ADD CONSTRAINT line_pkey PRIMARY KEY (community_id, account_id, id);

ALTER TABLE ONLY statement.profile
    ADD CONSTRAINT profile_pkey PRIMARY KEY (community_id, account_id);

ALTER TABLE ONLY statement.statement
    ADD CONSTRAINT statement_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY transparency.checkpoint
    ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (community_id, number);

ALTER TABLE ONLY transparency.checkpoint
    ADD CONSTRAINT checkpoint_size_key UNIQUE (community_id, size, papers);

ALTER TABLE ONLY transparency.cosignature
    ADD CONSTRAINT cosignature_pkey PRIMARY KEY (community_id, number, witness_id);

ALTER TABLE ONLY transparency.fork
    ADD CONSTRAINT fork_pkey PRIMARY KEY (community_id, digest);

ALTER TABLE ONLY transparency.hash
    ADD CONSTRAINT hash_pkey PRIMARY KEY (community_id, hash_index);

ALTER TABLE ONLY transparency.leaf
    ADD CONSTRAINT leaf_pkey PRIMARY KEY (community_id, leaf_index);

ALTER TABLE ONLY transparency.paper_hash
    ADD CONSTRAINT paper_hash_pkey PRIMARY KEY (community_id, hash_index);

ALTER TABLE ONLY transparency.paper_leaf
    ADD CONSTRAINT paper_leaf_pkey PRIMARY KEY (community_id, leaf_index);

ALTER TABLE ONLY transparency.watched
    ADD CONSTRAINT watched_origin_once UNIQUE (community_id, origin);

ALTER TABLE ONLY transparency.watched
    ADD CONSTRAINT watched_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY transparency.witness
    ADD CONSTRAINT witness_once UNIQUE (community_id, public_key);

ALTER TABLE ONLY transparency.witness
    ADD CONSTRAINT witness_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY upload.file
    ADD CONSTRAINT file_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY voice.asker
    ADD CONSTRAINT asker_pkey PRIMARY KEY (community_id, question_id);

ALTER TABLE ONLY voice.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (community_id, proposal_id);

ALTER TABLE ONLY voice.follow
    ADD CONSTRAINT follow_pkey PRIMARY KEY (community_id, donation_id);

ALTER TABLE ONLY voice.follow
    ADD CONSTRAINT follow_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY voice.letter
    ADD CONSTRAINT letter_pkey PRIMARY KEY (community_id, post_id, donation_id);

ALTER TABLE ONLY voice.photo
    ADD CONSTRAINT photo_pkey PRIMARY KEY (community_id, picture_id);

ALTER TABLE ONLY voice.post
    ADD CONSTRAINT post_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY voice.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY voice.proposal
    ADD CONSTRAINT proposal_token_key UNIQUE (community_id, token);

ALTER TABLE ONLY voice.question
    ADD CONSTRAINT question_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY voice.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (community_id);

ALTER TABLE ONLY voice.step
    ADD CONSTRAINT step_pkey PRIMARY KEY (community_id, proposal_id, n);

ALTER TABLE ONLY webhook.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY webhook.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY webhook.heard
    ADD CONSTRAINT heard_pkey PRIMARY KEY (community_id);

ALTER TABLE ONLY webhook.subscriber
    ADD CONSTRAINT subscriber_pkey PRIMARY KEY (community_id, id);

ALTER TABLE ONLY webhook.told
    ADD CONSTRAINT told_pkey PRIMARY KEY (community_id, key);

CREATE INDEX audit_log_by_user ON auth.audit_log USING btree (community_id, user_id, id);

CREATE INDEX membership_by_user ON auth.membership USING btree (user_id, community_id);

CREATE INDEX reset_by_user ON auth.reset USING btree (user_id);

CREATE INDEX reset_old ON auth.reset USING btree (expires_at);

CREATE INDEX session_by_user ON auth.session USING btree (user_id, seen_at);

CREATE INDEX commitment_open ON budget.commitment USING btree (community_id, year, fund_id) WHERE (released_at IS NULL);

CREATE INDEX donation_of_campaign ON campaigns.donation USING btree (community_id, campaign_id, paid_at DESC) WHERE (state = 'paid'::text);

CREATE INDEX donation_of_donor ON campaigns.donation USING btree (community_id, donor_id) WHERE (donor_id IS NOT NULL);

CREATE INDEX donation_of_line ON campaigns.donation USING btree (community_id, campaign_id, line) WHERE (line IS NOT NULL);

CREATE INDEX donation_pending ON campaigns.donation USING btree (community_id, created_at) WHERE (state = 'pending'::text);

CREATE INDEX donor_by_mail ON campaigns.donor USING btree (community_id, lower(email)) WHERE (email <> ''::text);

CREATE INDEX in_kind_of_campaign ON campaigns.in_kind USING btree (community_id, campaign_id);

CREATE INDEX match_of_giver ON campaigns.match USING btree (community_id, pool_id, giver);

CREATE INDEX paper_file ON campaigns.paper USING btree (community_id, file_id);

CREATE INDEX refund_of_donation ON campaigns.refund USING btree (community_id, donation_id);

CREATE INDEX motion_of_project ON council.motion USING btree (community_id, project_id) WHERE (project_id IS NOT NULL);

CREATE INDEX motion_unlocks ON council.motion USING btree (community_id, to_fund) WHERE (kind <> 'resolution'::text);

CREATE INDEX use_of_motion ON council.use USING btree (community_id, motion_id);

CREATE INDEX drawing_by_digest ON disclosure.drawing USING btree (community_id, pdf_sha256);

CREATE INDEX link_expires ON giver.link USING btree (expires_at);

CREATE INDEX link_of_donor ON giver.link USING btree (community_id, donor_id, created_at);

CREATE UNIQUE INDEX refund_request_asked_once ON giver.refund_request USING btree (community_id, donation_id) WHERE (state = 'asked'::text);

CREATE INDEX refund_request_of_donation ON giver.refund_request USING btree (community_id, donation_id);

CREATE INDEX session_of_donation ON giver.session USING btree (community_id, donation_id) WHERE (donation_id IS NOT NULL);

CREATE INDEX session_of_donor ON giver.session USING btree (community_id, donor_id) WHERE (donor_id IS NOT NULL);

CREATE INDEX session_seen ON giver.session USING btree (seen_at);

CREATE UNIQUE INDEX entry_reversed_once ON ledger.journal_entry USING btree (community_id, reverses_seq) WHERE (reverses_seq IS NOT NULL);

CREATE INDEX fund_repayment_of ON ledger.fund_repayment USING btree (community_id, loan_id);

CREATE INDEX posting_account_day ON ledger.posting USING btree (community_id, account_id, entry_date, seq, line);

CREATE INDEX posting_fund ON ledger.posting USING btree (community_id, fund_id, seq);

CREATE INDEX delivery_latest ON mail.delivery USING btree (community_id, at DESC, id);

CREATE INDEX delivery_old ON mail.delivery USING btree (at);

CREATE INDEX card_of_person ON mutualaid.card USING btree (community_id, person_id);

CREATE INDEX card_on_the_board ON mutualaid.card USING btree (community_id, kind, state, made_at DESC);

CREATE UNIQUE INDEX engagement_need_once ON mutualaid.engagement USING btree (community_id, need_id) WHERE (state = ANY (ARRAY['proposed'::text, 'agreed'::text, 'done'::text]));

CREATE INDEX engagement_of_helped ON mutualaid.engagement USING btree (community_id, helped_id, on_day);

CREATE INDEX engagement_of_helper ON mutualaid.engagement USING btree (community_id, helper_id, on_day);

CREATE INDEX hour_entry_by_day ON mutualaid.hour_entry USING btree (community_id, entry_date);

CREATE INDEX hour_posting_of_person ON mutualaid.hour_posting USING btree (community_id, person_id, number);

CREATE INDEX activity_by_day ON organisation.activity USING btree (community_id, held_on, organisation_id) INCLUDE (people) WHERE (withdrawn_at IS NULL);

CREATE UNIQUE INDEX activity_once ON organisation.activity USING btree (community_id, organisation_id, held_on, what_zh) WHERE (withdrawn_at IS NULL);

CREATE INDEX invoice_of_agreement ON organisation.invoice USING btree (community_id, agreement_id);

CREATE INDEX payment_of_invoice ON organisation.payment USING btree (community_id, invoice_id);

CREATE INDEX release_of_agreement ON organisation.release USING btree (community_id, agreement_id);

CREATE INDEX session_of_agreement ON organisation.session USING btree (community_id, agreement_id, held_on DESC);

CREATE INDEX session_of_invoice ON organisation.session USING btree (community_id, invoice_id);

CREATE INDEX session_of_release ON organisation.session USING btree (community_id, release_id);

CREATE INDEX small_grant_of ON organisation.small_grant USING btree (community_id, organisation_id);

CREATE INDEX message_dead ON outbox.message USING btree (community_id, id) WHERE (dead_at IS NOT NULL);

CREATE INDEX message_done ON outbox.message USING btree (done_at) WHERE (done_at IS NOT NULL);

CREATE INDEX message_due ON outbox.message USING btree (not_before) WHERE ((done_at IS NULL) AND (dead_at IS NULL));

CREATE INDEX gift_of_plan ON pledge.gift USING btree (community_id, plan_id, month) WHERE (plan_id IS NOT NULL);

CREATE INDEX gift_of_pledge ON pledge.gift USING btree (community_id, pledge_id) WHERE (pledge_id IS NOT NULL);

CREATE INDEX plan_of_donor ON pledge.plan USING btree (community_id, donor_id);

CREATE INDEX plan_runs ON pledge.plan USING btree (community_id, day) WHERE (stopped_as = ''::text);

CREATE INDEX pledge_due ON pledge.pledge USING btree (community_id, due_on) WHERE (ended_as = ''::text);

CREATE INDEX pledge_of_campaign ON pledge.pledge USING btree (community_id, campaign_id);

CREATE INDEX pledge_of_donor ON pledge.pledge USING btree (community_id, donor_id);

CREATE INDEX spent_on_of_project ON project.spent_on USING btree (community_id, project_id, line);

CREATE UNIQUE INDEX subscriber_address_once ON publication.subscriber USING btree (community_id, lower(email));

CREATE INDEX subscriber_confirmed ON publication.subscriber USING btree (community_id, id) WHERE (confirmed_at IS NOT NULL);

CREATE UNIQUE INDEX match_line_once ON reconcile.match_line USING btree (community_id, account_id, line_id) WHERE live;

CREATE INDEX match_made ON reconcile.match USING btree (community_id, account_id, made_at DESC);

CREATE UNIQUE INDEX match_posting_once ON reconcile.match_posting USING btree (community_id, seq, posting) WHERE live;

CREATE UNIQUE INDEX reconciliation_once ON reconcile.reconciliation USING btree (community_id, account_id, through) WHERE (undone_at IS NULL);

CREATE UNIQUE INDEX rule_words_once ON reconcile.rule USING btree (community_id, account_id, words, money_in) WHERE active;

CREATE INDEX cost_of_place ON sale.cost USING btree (community_id, place_id, spent_on);

CREATE UNIQUE INDEX item_barcode_key ON sale.item USING btree (community_id, place_id, barcode) WHERE ((barcode <> ''::text) AND (archived_at IS NULL));

CREATE INDEX line_of_item ON sale.line USING btree (community_id, item_id) WHERE (item_id IS NOT NULL);

CREATE UNIQUE INDEX place_venture_has_a_fund ON sale.place USING btree (community_id, fund_id) WHERE (kind = 'venture'::text);

CREATE INDEX refund_line_of_line ON sale.refund_line USING btree (community_id, sale_id, line);

CREATE INDEX refund_of_sale ON sale.refund USING btree (community_id, sale_id);

CREATE INDEX refund_of_session ON sale.refund USING btree (community_id, session_id);

CREATE INDEX reservation_of_place ON sale.reservation USING btree (community_id, place_id, reserved_at);

CREATE INDEX sale_of_place ON sale.sale USING btree (community_id, place_id, rung_at);

CREATE INDEX sale_of_session ON sale.sale USING btree (community_id, session_id, rung_at);

CREATE INDEX session_of_place ON sale.session USING btree (community_id, place_id, opened_at);

CREATE UNIQUE INDEX session_one_open ON sale.session USING btree (community_id, till) WHERE (closed_at IS NULL);

CREATE INDEX shift_of_place ON sale.shift USING btree (community_id, place_id, day);

CREATE INDEX surplus_of_place ON sale.surplus USING btree (community_id, place_id, month);

CREATE INDEX takings_of_place ON sale.takings USING btree (community_id, place_id, day);

CREATE INDEX ticket_of_item ON sale.ticket USING btree (community_id, item_id);

CREATE INDEX ticket_of_reservation ON sale.ticket USING btree (community_id, reservation_id) WHERE (reservation_id IS NOT NULL);

CREATE INDEX ticket_of_sale ON sale.ticket USING btree (community_id, sale_id) WHERE (sale_id IS NOT NULL);

CREATE UNIQUE INDEX ticket_seat_once ON sale.ticket USING btree (community_id, item_id, block, place) WHERE ((voided_at IS NULL) AND (block IS NOT NULL));

CREATE INDEX void_of_session ON sale.void USING btree (community_id, session_id);

CREATE UNIQUE INDEX request_entry_once ON spending.request USING btree (community_id, entry_seq) WHERE (entry_seq IS NOT NULL);

CREATE INDEX request_open ON spending.request USING btree (community_id, fund_id, account_id) WHERE (state = ANY (ARRAY['asked'::text, 'approved'::text]));

CREATE INDEX line_day ON statement.line USING btree (community_id, account_id, day, id);

CREATE INDEX file_age ON upload.file USING btree (community_id, uploaded_at);

CREATE INDEX follow_of_campaign ON voice.follow USING btree (community_id, campaign_id) WHERE (ended_at IS NULL);

CREATE INDEX photo_of_campaign ON voice.photo USING btree (community_id, campaign_id, place) WHERE (campaign_id IS NOT NULL);

CREATE INDEX photo_of_post ON voice.photo USING btree (community_id, post_id, place) WHERE (post_id IS NOT NULL);

CREATE INDEX photo_of_proposal ON voice.photo USING btree (community_id, proposal_id, place) WHERE (proposal_id IS NOT NULL);

CREATE INDEX post_of_campaign ON voice.post USING btree (community_id, campaign_id, decided_at DESC);

CREATE UNIQUE INDEX post_thanks_once ON voice.post USING btree (community_id, campaign_id) WHERE ((kind = 'thanks'::text) AND (state <> 'declined'::text));

CREATE INDEX proposal_of_campaign ON voice.proposal USING btree (community_id, campaign_id) WHERE (campaign_id IS NOT NULL);

CREATE INDEX question_of_campaign ON voice.question USING btree (community_id, campaign_id, asked_at);

CREATE INDEX question_of_entry ON voice.question USING btree (community_id, entry_seq, asked_at) WHERE (entry_seq IS NOT NULL);

CREATE INDEX question_open ON voice.question USING btree (community_id, asked_at) WHERE (state = 'open'::text);

CREATE INDEX delivery_of_event ON webhook.delivery USING btree (community_id, event_id);

CREATE INDEX delivery_of_subscriber ON webhook.delivery USING btree (community_id, subscriber_id, id DESC);

CREATE INDEX event_old ON webhook.event USING btree (at);

CREATE TRIGGER audit_log_is_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON auth.audit_log FOR EACH STATEMENT EXECUTE FUNCTION auth.refuse_change();

CREATE TRIGGER count_guard BEFORE INSERT OR UPDATE ON box.count FOR EACH ROW EXECUTE FUNCTION box.guard_count();

CREATE TRIGGER count_stays BEFORE DELETE OR TRUNCATE ON box.count FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER round_guard BEFORE UPDATE ON box.round FOR EACH ROW EXECUTE FUNCTION box.guard_round();

CREATE TRIGGER round_stays BEFORE DELETE OR TRUNCATE ON box.round FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER budget_line_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON budget.line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER budget_version_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON budget.version FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER campaign_law BEFORE INSERT OR UPDATE ON campaigns.campaign FOR EACH ROW EXECUTE FUNCTION campaigns.campaign_law();

CREATE TRIGGER conclusion_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON campaigns.conclusion FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER match_made AFTER INSERT ON campaigns.match REFERENCING NEW TABLE AS new_matches FOR EACH STATEMENT EXECUTE FUNCTION campaigns.match_made();

CREATE TRIGGER match_stays BEFORE DELETE OR TRUNCATE ON campaigns.match FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER match_taken_back AFTER UPDATE ON campaigns.match REFERENCING OLD TABLE AS old_matches NEW TABLE AS new_matches FOR EACH STATEMENT EXECUTE FUNCTION campaigns.match_taken_back();

CREATE TRIGGER paper_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON campaigns.paper FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER refund_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON campaigns.refund FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER ballot_guard BEFORE INSERT OR DELETE OR UPDATE ON council.ballot FOR EACH ROW EXECUTE FUNCTION council.ballot_guard();

CREATE TRIGGER ballot_stays BEFORE TRUNCATE ON council.ballot FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER council_guard BEFORE INSERT OR UPDATE ON council.council FOR EACH ROW EXECUTE FUNCTION council.council_guard();

CREATE TRIGGER member_guard BEFORE INSERT OR UPDATE ON council.member FOR EACH ROW EXECUTE FUNCTION council.member_guard();

CREATE TRIGGER minuted_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON council.minuted FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER minutes_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON council.minutes FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER motion_calls_the_roll AFTER UPDATE ON council.motion FOR EACH ROW WHEN (((old.state = 'draft'::text) AND (new.state = 'open'::text))) EXECUTE FUNCTION council.call_roll();

CREATE TRIGGER motion_guard BEFORE INSERT OR UPDATE ON council.motion FOR EACH ROW EXECUTE FUNCTION council.motion_guard();

CREATE TRIGGER motion_stays BEFORE DELETE OR TRUNCATE ON council.motion FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE CONSTRAINT TRIGGER moved_by_motion AFTER INSERT ON council.moved DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION council.moved_guard();

CREATE TRIGGER moved_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON council.moved FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER paper_count_guard BEFORE INSERT ON council.paper_count FOR EACH ROW EXECUTE FUNCTION council.paper_count_guard();

CREATE TRIGGER paper_count_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON council.paper_count FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER result_is_counted BEFORE INSERT ON council.result FOR EACH ROW EXECUTE FUNCTION council.count_votes();

CREATE TRIGGER result_is_frozen AFTER INSERT ON council.result FOR EACH ROW EXECUTE FUNCTION council.freeze_result();

CREATE TRIGGER result_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON council.result FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER roll_guard BEFORE INSERT OR UPDATE ON council.roll FOR EACH ROW EXECUTE FUNCTION council.roll_guard();

CREATE TRIGGER roll_stays BEFORE DELETE OR TRUNCATE ON council.roll FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER rule_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON council.rule FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER signature_guard BEFORE INSERT ON council.signature FOR EACH ROW EXECUTE FUNCTION council.signature_guard();

CREATE TRIGGER signature_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON council.signature FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER use_guard BEFORE INSERT ON council.use FOR EACH ROW EXECUTE FUNCTION council.use_guard();

CREATE TRIGGER use_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON council.use FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER use_sum AFTER INSERT ON council.use FOR EACH ROW EXECUTE FUNCTION council.use_sum();

CREATE TRIGGER document_guard BEFORE INSERT ON disclosure.document FOR EACH ROW EXECUTE FUNCTION disclosure.document_guard();

CREATE TRIGGER document_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON disclosure.document FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER drawing_guard BEFORE INSERT ON disclosure.drawing FOR EACH ROW EXECUTE FUNCTION disclosure.drawing_guard();

CREATE TRIGGER drawing_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON disclosure.drawing FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER consent_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON giver.consent FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER account_identity BEFORE UPDATE ON ledger.account FOR EACH ROW EXECUTE FUNCTION ledger.keep_identity();

CREATE TRIGGER closing_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.closing FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER community_identity BEFORE UPDATE ON ledger.community FOR EACH ROW EXECUTE FUNCTION ledger.keep_identity();

CREATE TRIGGER entry_guard AFTER INSERT ON ledger.journal_entry REFERENCING NEW TABLE AS new_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger.entry_guard();

CREATE TRIGGER entry_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.journal_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER fund_identity BEFORE UPDATE ON ledger.fund FOR EACH ROW EXECUTE FUNCTION ledger.keep_identity();

CREATE TRIGGER fund_loan_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.fund_loan FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER fund_repayment_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.fund_repayment FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER period_guard BEFORE DELETE OR UPDATE ON ledger.period FOR EACH ROW EXECUTE FUNCTION ledger.period_guard();

CREATE TRIGGER period_immutable BEFORE TRUNCATE ON ledger.period FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER posting_guard AFTER INSERT ON ledger.posting REFERENCING NEW TABLE AS new_postings FOR EACH STATEMENT EXECUTE FUNCTION ledger.posting_guard();

CREATE TRIGGER posting_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.posting FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER posting_of_voted_fund AFTER INSERT ON ledger.posting REFERENCING NEW TABLE AS new_postings FOR EACH STATEMENT EXECUTE FUNCTION council.voted_fund_guard();

CREATE TRIGGER reopening_immutable BEFORE DELETE OR TRUNCATE ON ledger.reopening FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER reopening_kept BEFORE UPDATE ON ledger.reopening FOR EACH ROW EXECUTE FUNCTION ledger.keep_reopening();

CREATE TRIGGER reversal_stays_within_vote AFTER INSERT ON ledger.journal_entry FOR EACH ROW WHEN ((new.reverses_seq IS NOT NULL)) EXECUTE FUNCTION council.reversal_guard();

CREATE CONSTRAINT TRIGGER transfer_is_voted AFTER INSERT ON ledger.journal_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.kind = ANY (ARRAY['transfer'::text, 'manual'::text, 'import'::text, 'recurring'::text])) AND (new.reverses_seq IS NULL))) EXECUTE FUNCTION council.transfer_guard();

CREATE TRIGGER hour_entry_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON mutualaid.hour_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER hour_posting_balanced AFTER INSERT ON mutualaid.hour_posting REFERENCING NEW TABLE AS new_postings FOR EACH STATEMENT EXECUTE FUNCTION mutualaid.refuse_unbalanced();

CREATE TRIGGER hour_posting_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON mutualaid.hour_posting FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER activity_earns BEFORE INSERT ON organisation.activity FOR EACH ROW EXECUTE FUNCTION organisation.earn();

CREATE TRIGGER activity_points_not_spent AFTER UPDATE ON organisation.activity FOR EACH ROW EXECUTE FUNCTION organisation.refuse_overspent_points();

CREATE TRIGGER invoice_kept BEFORE UPDATE ON organisation.invoice FOR EACH ROW EXECUTE FUNCTION organisation.refuse_invoice_change();

CREATE TRIGGER invoice_numbered BEFORE INSERT ON organisation.invoice FOR EACH ROW EXECUTE FUNCTION organisation.number_invoice();

CREATE TRIGGER invoice_stays BEFORE DELETE OR TRUNCATE ON organisation.invoice FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER payment_kept BEFORE UPDATE ON organisation.payment FOR EACH ROW EXECUTE FUNCTION organisation.refuse_change();

CREATE TRIGGER payment_stays BEFORE DELETE OR TRUNCATE ON organisation.payment FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER payment_within_invoice AFTER INSERT OR UPDATE ON organisation.payment FOR EACH ROW EXECUTE FUNCTION organisation.refuse_overpaid();

CREATE TRIGGER release_kept BEFORE UPDATE ON organisation.release FOR EACH ROW EXECUTE FUNCTION organisation.refuse_change();

CREATE TRIGGER release_stays BEFORE DELETE OR TRUNCATE ON organisation.release FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER release_within_agreement AFTER INSERT OR UPDATE ON organisation.release FOR EACH ROW EXECUTE FUNCTION organisation.refuse_overreleased();

CREATE TRIGGER rule_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON organisation.rule FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER session_kept BEFORE UPDATE ON organisation.session FOR EACH ROW EXECUTE FUNCTION organisation.refuse_session_change();

CREATE TRIGGER session_not_released AFTER UPDATE OF void_at ON organisation.session FOR EACH ROW EXECUTE FUNCTION organisation.refuse_overreleased();

CREATE TRIGGER session_priced BEFORE INSERT ON organisation.session FOR EACH ROW EXECUTE FUNCTION organisation.price_session();

CREATE TRIGGER small_grant_kept BEFORE UPDATE ON organisation.small_grant FOR EACH ROW EXECUTE FUNCTION organisation.refuse_change();

CREATE TRIGGER small_grant_stays BEFORE DELETE OR TRUNCATE ON organisation.small_grant FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER small_grant_within_points AFTER INSERT ON organisation.small_grant FOR EACH ROW EXECUTE FUNCTION organisation.refuse_overspent_points();

CREATE TRIGGER tier_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON organisation.tier FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER line_guard BEFORE INSERT OR DELETE OR UPDATE ON project.budget_line FOR EACH ROW EXECUTE FUNCTION project.line_guard();

CREATE TRIGGER project_guard BEFORE INSERT OR UPDATE ON project.project FOR EACH ROW EXECUTE FUNCTION project.project_guard();

CREATE TRIGGER project_stays BEFORE DELETE OR TRUNCATE ON project.project FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER report_guard BEFORE INSERT OR UPDATE ON project.report FOR EACH ROW EXECUTE FUNCTION project.report_guard();

CREATE TRIGGER report_stays BEFORE DELETE OR UPDATE ON project.report FOR EACH ROW EXECUTE FUNCTION project.report_stays();

CREATE TRIGGER report_untruncated BEFORE TRUNCATE ON project.report FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER spent_on_guard AFTER INSERT OR DELETE OR UPDATE ON project.spent_on FOR EACH ROW EXECUTE FUNCTION project.spent_on_guard();

CREATE TRIGGER spent_on_untruncated BEFORE TRUNCATE ON project.spent_on FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER step_guard BEFORE INSERT ON project.step FOR EACH ROW EXECUTE FUNCTION project.step_guard();

CREATE TRIGGER step_stays BEFORE DELETE OR UPDATE ON project.step FOR EACH ROW EXECUTE FUNCTION project.step_stays();

CREATE TRIGGER step_taken AFTER INSERT ON project.step FOR EACH ROW EXECUTE FUNCTION project.take_step();

CREATE TRIGGER step_untruncated BEFORE TRUNCATE ON project.step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER receipt_guard AFTER INSERT ON receipt.receipt REFERENCING NEW TABLE AS new_receipts FOR EACH STATEMENT EXECUTE FUNCTION receipt.receipt_guard();

CREATE TRIGGER receipt_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON receipt.receipt FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER void_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON receipt.void FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER ballot_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON round.ballot FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER idea_stays_as_voted_on BEFORE UPDATE OF title, what, place, cost, category, state ON round.idea FOR EACH ROW EXECUTE FUNCTION round.refuse_after_votes();

CREATE TRIGGER result_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON round.result FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER round_stays_as_voted_on BEFORE UPDATE OF pot, method, choices_max, support_min, vote_from, vote_until ON round.round FOR EACH ROW EXECUTE FUNCTION round.refuse_after_votes();

CREATE TRIGGER tally_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON round.tally FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER bid_guard BEFORE INSERT ON sale.bid FOR EACH ROW EXECUTE FUNCTION sale.bid_guard();

CREATE TRIGGER bid_kept BEFORE DELETE OR TRUNCATE ON sale.bid FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER bid_stays BEFORE UPDATE ON sale.bid FOR EACH ROW EXECUTE FUNCTION sale.bid_stays();

CREATE TRIGGER cost_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON sale.cost FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER count_guard BEFORE INSERT OR UPDATE ON sale.count FOR EACH ROW EXECUTE FUNCTION sale.count_guard();

CREATE TRIGGER count_stays BEFORE DELETE OR TRUNCATE ON sale.count FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER line_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON sale.line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER payment_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON sale.payment FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER place_books_guard BEFORE INSERT OR UPDATE ON sale.place FOR EACH ROW EXECUTE FUNCTION sale.place_books_guard();

CREATE TRIGGER place_guard BEFORE INSERT OR UPDATE ON sale.place FOR EACH ROW EXECUTE FUNCTION sale.place_guard();

CREATE TRIGGER refund_line_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON sale.refund_line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER refund_open AFTER INSERT ON sale.refund REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sale.session_is_open();

CREATE TRIGGER refund_payment_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON sale.refund_payment FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER refund_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON sale.refund FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER sale_guard BEFORE UPDATE ON sale.sale FOR EACH ROW EXECUTE FUNCTION sale.sale_guard();

CREATE TRIGGER sale_open AFTER INSERT ON sale.sale REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sale.session_is_open();

CREATE TRIGGER sale_stays BEFORE DELETE OR TRUNCATE ON sale.sale FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER session_guard BEFORE UPDATE ON sale.session FOR EACH ROW EXECUTE FUNCTION sale.session_guard();

CREATE TRIGGER session_stays BEFORE DELETE OR TRUNCATE ON sale.session FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER surplus_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON sale.surplus FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER takings_stay BEFORE DELETE OR UPDATE OR TRUNCATE ON sale.takings FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER ticket_guard BEFORE UPDATE ON sale.ticket FOR EACH ROW EXECUTE FUNCTION sale.ticket_guard();

CREATE TRIGGER ticket_stays BEFORE DELETE OR TRUNCATE ON sale.ticket FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER void_open AFTER INSERT ON sale.void REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sale.session_is_open();

CREATE TRIGGER void_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON sale.void FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER z_report_guard BEFORE INSERT ON sale.z_report FOR EACH ROW EXECUTE FUNCTION sale.z_guard();

CREATE TRIGGER z_report_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON sale.z_report FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER recurring_line_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON schedule.recurring_line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER decision_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON spending.decision FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER request_guard BEFORE INSERT OR UPDATE ON spending.request FOR EACH ROW EXECUTE FUNCTION spending.request_guard();

CREATE TRIGGER request_line_guard BEFORE INSERT OR UPDATE OF fund_id, project_id ON spending.request FOR EACH ROW WHEN ((new.project_id IS NOT NULL)) EXECUTE FUNCTION project.request_guard();

CREATE TRIGGER request_stays BEFORE DELETE OR TRUNCATE ON spending.request FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER step_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON spending.step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER line_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON statement.line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER statement_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON statement.statement FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER checkpoint_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON transparency.checkpoint FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER cosignature_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON transparency.cosignature FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER fork_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON transparency.fork FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER hash_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON transparency.hash FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER leaf_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON transparency.leaf FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER paper_hash_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON transparency.paper_hash FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER paper_leaf_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON transparency.paper_leaf FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

CREATE TRIGGER watched_only_grows BEFORE UPDATE ON transparency.watched FOR EACH ROW EXECUTE FUNCTION transparency.watched_guard();

ALTER TABLE ONLY auth.audit_log
    ADD CONSTRAINT audit_log_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id);

ALTER TABLE ONLY auth.membership
    ADD CONSTRAINT membership_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY auth.membership
    ADD CONSTRAINT membership_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id);

ALTER TABLE ONLY auth.reset
    ADD CONSTRAINT reset_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id);

ALTER TABLE ONLY auth.session
    ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id);

ALTER TABLE ONLY box.box
    ADD CONSTRAINT box_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY box.box
    ADD CONSTRAINT box_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY box.count
    ADD CONSTRAINT count_round FOREIGN KEY (community_id, box_id, round) REFERENCES box.round(community_id, box_id, round);

ALTER TABLE ONLY box.round
    ADD CONSTRAINT round_box FOREIGN KEY (community_id, box_id) REFERENCES box.box(community_id, id);

ALTER TABLE ONLY box.round
    ADD CONSTRAINT round_deposit FOREIGN KEY (community_id, deposit_id) REFERENCES ledger.cash_deposit(community_id, id);

ALTER TABLE ONLY box.round
    ADD CONSTRAINT round_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation(community_id, id);

ALTER TABLE ONLY budget.line
    ADD CONSTRAINT budget_line_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY budget.line
    ADD CONSTRAINT budget_line_version FOREIGN KEY (community_id, fund_id, year, version) REFERENCES budget.version(community_id, fund_id, year, version);

ALTER TABLE ONLY budget.version
    ADD CONSTRAINT budget_version_year FOREIGN KEY (community_id, fund_id, year) REFERENCES budget.year(community_id, fund_id, year);

ALTER TABLE ONLY budget.year
    ADD CONSTRAINT budget_year_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY budget.commitment
    ADD CONSTRAINT commitment_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY budget.commitment
    ADD CONSTRAINT commitment_year FOREIGN KEY (community_id, fund_id, year) REFERENCES budget.year(community_id, fund_id, year);

ALTER TABLE ONLY campaigns.budget_line
    ADD CONSTRAINT budget_line_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_host FOREIGN KEY (community_id, host_id) REFERENCES campaigns.host(community_id, id);

ALTER TABLE ONLY campaigns.campaign
    ADD CONSTRAINT campaign_picture FOREIGN KEY (community_id, picture_id) REFERENCES campaigns.picture(community_id, id);

ALTER TABLE ONLY campaigns.conclusion
    ADD CONSTRAINT conclusion_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY campaigns.conclusion
    ADD CONSTRAINT conclusion_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY campaigns.donation
    ADD CONSTRAINT donation_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY campaigns.donation
    ADD CONSTRAINT donation_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor(community_id, id);

ALTER TABLE ONLY campaigns.donation
    ADD CONSTRAINT donation_line FOREIGN KEY (community_id, campaign_id, line) REFERENCES campaigns.budget_line(community_id, campaign_id, line);

ALTER TABLE ONLY campaigns.donor
    ADD CONSTRAINT donor_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.evidence
    ADD CONSTRAINT evidence_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY campaigns.host
    ADD CONSTRAINT host_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.in_kind
    ADD CONSTRAINT in_kind_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY campaigns.in_kind
    ADD CONSTRAINT in_kind_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.in_kind
    ADD CONSTRAINT in_kind_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor(community_id, id);

ALTER TABLE ONLY campaigns.in_kind
    ADD CONSTRAINT in_kind_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY campaigns.in_kind
    ADD CONSTRAINT in_kind_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY campaigns.match
    ADD CONSTRAINT match_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation(community_id, id);

ALTER TABLE ONLY campaigns.match
    ADD CONSTRAINT match_pool FOREIGN KEY (community_id, pool_id) REFERENCES campaigns.pool(community_id, id);

ALTER TABLE ONLY campaigns.original
    ADD CONSTRAINT original_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.paper
    ADD CONSTRAINT paper_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY campaigns.picture
    ADD CONSTRAINT picture_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.pool
    ADD CONSTRAINT pool_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY campaigns.pool
    ADD CONSTRAINT pool_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.pool
    ADD CONSTRAINT pool_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY campaigns.pool
    ADD CONSTRAINT pool_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY campaigns.pool
    ADD CONSTRAINT pool_rest_fund FOREIGN KEY (community_id, rest_fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY campaigns.quarantine
    ADD CONSTRAINT quarantine_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY campaigns.refund
    ADD CONSTRAINT refund_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation(community_id, id);

ALTER TABLE ONLY campaigns.tally
    ADD CONSTRAINT tally_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY council.ballot
    ADD CONSTRAINT ballot_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion(community_id, id);

ALTER TABLE ONLY council.comment
    ADD CONSTRAINT comment_member FOREIGN KEY (community_id, council_id, member) REFERENCES council.member(community_id, council_id, number);

ALTER TABLE ONLY council.comment
    ADD CONSTRAINT comment_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion(community_id, id);

ALTER TABLE ONLY council.council
    ADD CONSTRAINT council_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY council.council
    ADD CONSTRAINT council_parent FOREIGN KEY (community_id, parent_id) REFERENCES council.council(community_id, id);

ALTER TABLE ONLY council.member
    ADD CONSTRAINT member_council FOREIGN KEY (community_id, council_id) REFERENCES council.council(community_id, id);

ALTER TABLE ONLY council.minuted
    ADD CONSTRAINT minuted_minutes FOREIGN KEY (community_id, council_id, year, number) REFERENCES council.minutes(community_id, council_id, year, number);

ALTER TABLE ONLY council.minuted
    ADD CONSTRAINT minuted_result FOREIGN KEY (community_id, motion_id) REFERENCES council.result(community_id, motion_id);

ALTER TABLE ONLY council.minutes
    ADD CONSTRAINT minutes_council FOREIGN KEY (community_id, council_id) REFERENCES council.council(community_id, id);

ALTER TABLE ONLY council.motion
    ADD CONSTRAINT motion_council FOREIGN KEY (community_id, council_id) REFERENCES council.council(community_id, id);

ALTER TABLE ONLY council.motion
    ADD CONSTRAINT motion_escalates FOREIGN KEY (community_id, escalates) REFERENCES council.motion(community_id, id);

ALTER TABLE ONLY council.motion
    ADD CONSTRAINT motion_from_fund FOREIGN KEY (community_id, from_fund) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY council.motion
    ADD CONSTRAINT motion_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY council.motion
    ADD CONSTRAINT motion_rule FOREIGN KEY (community_id, council_id, rule_n) REFERENCES council.rule(community_id, council_id, n);

ALTER TABLE ONLY council.motion
    ADD CONSTRAINT motion_to_fund FOREIGN KEY (community_id, to_fund) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY council.moved
    ADD CONSTRAINT moved_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY council.paper_count
    ADD CONSTRAINT paper_count_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion(community_id, id);

ALTER TABLE ONLY council.paper
    ADD CONSTRAINT paper_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion(community_id, id);

ALTER TABLE ONLY council.result
    ADD CONSTRAINT result_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion(community_id, id);

ALTER TABLE ONLY council.roll
    ADD CONSTRAINT roll_member FOREIGN KEY (community_id, council_id, member) REFERENCES council.member(community_id, council_id, number);

ALTER TABLE ONLY council.roll
    ADD CONSTRAINT roll_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion(community_id, id);

ALTER TABLE ONLY council.rule
    ADD CONSTRAINT rule_council FOREIGN KEY (community_id, council_id) REFERENCES council.council(community_id, id);

ALTER TABLE ONLY council.signature
    ADD CONSTRAINT signature_member FOREIGN KEY (community_id, council_id, member) REFERENCES council.member(community_id, council_id, number);

ALTER TABLE ONLY council.signature
    ADD CONSTRAINT signature_minutes FOREIGN KEY (community_id, council_id, year, number) REFERENCES council.minutes(community_id, council_id, year, number);

ALTER TABLE ONLY council.use
    ADD CONSTRAINT use_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY council.use
    ADD CONSTRAINT use_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion(community_id, id);

ALTER TABLE ONLY disclosure.counter
    ADD CONSTRAINT counter_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY disclosure.document
    ADD CONSTRAINT document_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY disclosure.draft
    ADD CONSTRAINT draft_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY disclosure.drawing
    ADD CONSTRAINT drawing_document FOREIGN KEY (community_id, year, number, version) REFERENCES disclosure.document(community_id, year, number, version);

ALTER TABLE ONLY disclosure.event
    ADD CONSTRAINT event_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY disclosure.feed
    ADD CONSTRAINT feed_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY giver.consent
    ADD CONSTRAINT consent_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation(community_id, id);

ALTER TABLE ONLY giver.link
    ADD CONSTRAINT link_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY giver.link
    ADD CONSTRAINT link_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor(community_id, id);

ALTER TABLE ONLY giver.refund_request
    ADD CONSTRAINT refund_request_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation(community_id, id);

ALTER TABLE ONLY giver.refund_rule
    ADD CONSTRAINT refund_rule_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY giver.session
    ADD CONSTRAINT session_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY giver.session
    ADD CONSTRAINT session_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation(community_id, id);

ALTER TABLE ONLY giver.session
    ADD CONSTRAINT session_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor(community_id, id);

ALTER TABLE ONLY ledger.account
    ADD CONSTRAINT account_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.balance
    ADD CONSTRAINT balance_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY ledger.balance
    ADD CONSTRAINT balance_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY ledger.book
    ADD CONSTRAINT book_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.book_year
    ADD CONSTRAINT book_year_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.closing
    ADD CONSTRAINT closing_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.cash_deposit
    ADD CONSTRAINT deposit_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.cash_deposit
    ADD CONSTRAINT deposit_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY ledger.journal_entry
    ADD CONSTRAINT entry_reverses FOREIGN KEY (community_id, reverses_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY ledger.fund_balance
    ADD CONSTRAINT fund_balance_fund FOREIGN KEY (community_id, fund_id, restricted) REFERENCES ledger.fund(community_id, id, restricted);

ALTER TABLE ONLY ledger.fund
    ADD CONSTRAINT fund_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.fund_loan
    ADD CONSTRAINT fund_loan_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY ledger.fund_loan
    ADD CONSTRAINT fund_loan_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY ledger.fund_loan
    ADD CONSTRAINT fund_loan_from FOREIGN KEY (community_id, from_fund) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY ledger.fund_loan
    ADD CONSTRAINT fund_loan_to FOREIGN KEY (community_id, to_fund) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY ledger.fund_repayment
    ADD CONSTRAINT fund_repayment_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY ledger.fund_repayment
    ADD CONSTRAINT fund_repayment_loan FOREIGN KEY (community_id, loan_id) REFERENCES ledger.fund_loan(community_id, id);

ALTER TABLE ONLY ledger.month_tally
    ADD CONSTRAINT month_tally_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.book(community_id);

ALTER TABLE ONLY ledger.period
    ADD CONSTRAINT period_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.period
    ADD CONSTRAINT period_reopening FOREIGN KEY (community_id, reopening_id, month) REFERENCES ledger.reopening(community_id, id, month);

ALTER TABLE ONLY ledger.reopening
    ADD CONSTRAINT reopening_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.template
    ADD CONSTRAINT template_community FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY ledger.template_line
    ADD CONSTRAINT template_line_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY ledger.template_line
    ADD CONSTRAINT template_line_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY ledger.template_line
    ADD CONSTRAINT template_line_template FOREIGN KEY (community_id, template_id) REFERENCES ledger.template(community_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY ledger.year_end
    ADD CONSTRAINT year_end_balance FOREIGN KEY (community_id, account_id, fund_id, month) REFERENCES ledger.balance(community_id, account_id, fund_id, month);

ALTER TABLE ONLY mail.delivery
    ADD CONSTRAINT delivery_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY mail.kept
    ADD CONSTRAINT kept_delivery FOREIGN KEY (community_id, id) REFERENCES mail.delivery(community_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY mail.reply_to
    ADD CONSTRAINT reply_to_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY mutualaid.card
    ADD CONSTRAINT card_person FOREIGN KEY (community_id, person_id) REFERENCES mutualaid.person(community_id, id);

ALTER TABLE ONLY mutualaid.engagement
    ADD CONSTRAINT engagement_helped FOREIGN KEY (community_id, helped_id) REFERENCES mutualaid.person(community_id, id);

ALTER TABLE ONLY mutualaid.engagement
    ADD CONSTRAINT engagement_helper FOREIGN KEY (community_id, helper_id) REFERENCES mutualaid.person(community_id, id);

ALTER TABLE ONLY mutualaid.engagement
    ADD CONSTRAINT engagement_need FOREIGN KEY (community_id, need_id) REFERENCES mutualaid.card(community_id, id);

ALTER TABLE ONLY mutualaid.engagement
    ADD CONSTRAINT engagement_offer FOREIGN KEY (community_id, offer_id) REFERENCES mutualaid.card(community_id, id);

ALTER TABLE ONLY mutualaid.hour_book
    ADD CONSTRAINT hour_book_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY mutualaid.hour_entry
    ADD CONSTRAINT hour_entry_reverses FOREIGN KEY (community_id, reverses) REFERENCES mutualaid.hour_entry(community_id, number);

ALTER TABLE ONLY mutualaid.hour_posting
    ADD CONSTRAINT hour_posting_entry FOREIGN KEY (community_id, number) REFERENCES mutualaid.hour_entry(community_id, number);

ALTER TABLE ONLY mutualaid.hour_posting
    ADD CONSTRAINT hour_posting_person FOREIGN KEY (community_id, person_id) REFERENCES mutualaid.person(community_id, id);

ALTER TABLE ONLY mutualaid.person
    ADD CONSTRAINT person_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY mutualaid.register
    ADD CONSTRAINT register_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY mutualaid.step
    ADD CONSTRAINT step_engagement FOREIGN KEY (community_id, engagement_id) REFERENCES mutualaid.engagement(community_id, id);

ALTER TABLE ONLY organisation.activity
    ADD CONSTRAINT activity_organisation FOREIGN KEY (community_id, organisation_id) REFERENCES organisation.organisation(community_id, id);

ALTER TABLE ONLY organisation.activity
    ADD CONSTRAINT activity_rule FOREIGN KEY (community_id, rule_n) REFERENCES organisation.rule(community_id, n);

ALTER TABLE ONLY organisation.agreement
    ADD CONSTRAINT agreement_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY organisation.agreement
    ADD CONSTRAINT agreement_organisation FOREIGN KEY (community_id, organisation_id) REFERENCES organisation.organisation(community_id, id);

ALTER TABLE ONLY organisation.contact
    ADD CONSTRAINT contact_organisation FOREIGN KEY (community_id, organisation_id) REFERENCES organisation.organisation(community_id, id);

ALTER TABLE ONLY organisation.invoice
    ADD CONSTRAINT invoice_agreement FOREIGN KEY (community_id, agreement_id) REFERENCES organisation.agreement(community_id, id);

ALTER TABLE ONLY organisation.invoice_book
    ADD CONSTRAINT invoice_book_community FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY organisation.item
    ADD CONSTRAINT item_agreement FOREIGN KEY (community_id, agreement_id) REFERENCES organisation.agreement(community_id, id);

ALTER TABLE ONLY organisation.member_count
    ADD CONSTRAINT member_count_organisation FOREIGN KEY (community_id, organisation_id) REFERENCES organisation.organisation(community_id, id);

ALTER TABLE ONLY organisation.organisation
    ADD CONSTRAINT organisation_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY organisation.organisation
    ADD CONSTRAINT organisation_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY organisation.payment
    ADD CONSTRAINT payment_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY organisation.payment
    ADD CONSTRAINT payment_invoice FOREIGN KEY (community_id, invoice_id) REFERENCES organisation.invoice(community_id, id);

ALTER TABLE ONLY organisation.release
    ADD CONSTRAINT release_agreement FOREIGN KEY (community_id, agreement_id) REFERENCES organisation.agreement(community_id, id);

ALTER TABLE ONLY organisation.release
    ADD CONSTRAINT release_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY organisation.rule
    ADD CONSTRAINT rule_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY organisation.session
    ADD CONSTRAINT session_invoice FOREIGN KEY (community_id, invoice_id) REFERENCES organisation.invoice(community_id, id);

ALTER TABLE ONLY organisation.session
    ADD CONSTRAINT session_item FOREIGN KEY (community_id, agreement_id, item_n) REFERENCES organisation.item(community_id, agreement_id, n);

ALTER TABLE ONLY organisation.session
    ADD CONSTRAINT session_release FOREIGN KEY (community_id, release_id) REFERENCES organisation.release(community_id, id);

ALTER TABLE ONLY organisation.small_grant
    ADD CONSTRAINT small_grant_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY organisation.small_grant
    ADD CONSTRAINT small_grant_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY organisation.small_grant
    ADD CONSTRAINT small_grant_organisation FOREIGN KEY (community_id, organisation_id) REFERENCES organisation.organisation(community_id, id);

ALTER TABLE ONLY organisation.small_grant
    ADD CONSTRAINT small_grant_tier FOREIGN KEY (community_id, rule_n, points, amount) REFERENCES organisation.tier(community_id, rule_n, points, amount);

ALTER TABLE ONLY organisation.tier
    ADD CONSTRAINT tier_rule FOREIGN KEY (community_id, rule_n) REFERENCES organisation.rule(community_id, n);

ALTER TABLE ONLY payment.checkout
    ADD CONSTRAINT checkout_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY payment.reference
    ADD CONSTRAINT reference_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY payment.sandbox_order
    ADD CONSTRAINT sandbox_order_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY payment.sandbox_refund
    ADD CONSTRAINT sandbox_refund_of_order FOREIGN KEY (community_id, order_id) REFERENCES payment.sandbox_order(community_id, order_id);

ALTER TABLE ONLY pledge.gift
    ADD CONSTRAINT gift_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation(community_id, id);

ALTER TABLE ONLY pledge.gift
    ADD CONSTRAINT gift_plan FOREIGN KEY (community_id, plan_id) REFERENCES pledge.plan(community_id, id);

ALTER TABLE ONLY pledge.gift
    ADD CONSTRAINT gift_pledge FOREIGN KEY (community_id, pledge_id) REFERENCES pledge.pledge(community_id, id);

ALTER TABLE ONLY pledge.plan
    ADD CONSTRAINT plan_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY pledge.plan
    ADD CONSTRAINT plan_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor(community_id, id);

ALTER TABLE ONLY pledge.pledge
    ADD CONSTRAINT pledge_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY pledge.pledge
    ADD CONSTRAINT pledge_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor(community_id, id);

ALTER TABLE ONLY pledge.reminder
    ADD CONSTRAINT reminder_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY project.budget_line
    ADD CONSTRAINT budget_line_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY project.contact
    ADD CONSTRAINT contact_proposal FOREIGN KEY (community_id, project_id) REFERENCES project.proposal(community_id, project_id);

ALTER TABLE ONLY project.milestone_entry
    ADD CONSTRAINT milestone_entry_of FOREIGN KEY (community_id, project_id, number) REFERENCES project.milestone(community_id, project_id, number);

ALTER TABLE ONLY project.milestone_entry
    ADD CONSTRAINT milestone_entry_posted FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY project.milestone_picture
    ADD CONSTRAINT milestone_picture FOREIGN KEY (community_id, picture_id) REFERENCES campaigns.picture(community_id, id);

ALTER TABLE ONLY project.milestone_picture
    ADD CONSTRAINT milestone_picture_of FOREIGN KEY (community_id, project_id, number) REFERENCES project.milestone(community_id, project_id, number);

ALTER TABLE ONLY project.milestone
    ADD CONSTRAINT milestone_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY project.outcome
    ADD CONSTRAINT outcome_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY project.project
    ADD CONSTRAINT project_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY project.project
    ADD CONSTRAINT project_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY project.proposal
    ADD CONSTRAINT proposal_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY project.report
    ADD CONSTRAINT report_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY project.spent_on
    ADD CONSTRAINT spent_on_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY project.spent_on
    ADD CONSTRAINT spent_on_line FOREIGN KEY (community_id, project_id, line) REFERENCES project.budget_line(community_id, project_id, line);

ALTER TABLE ONLY project.step
    ADD CONSTRAINT step_motion FOREIGN KEY (community_id, motion_id) REFERENCES council.motion(community_id, id);

ALTER TABLE ONLY project.step
    ADD CONSTRAINT step_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY project.story
    ADD CONSTRAINT story_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY publication.schedule
    ADD CONSTRAINT schedule_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY publication.subscriber
    ADD CONSTRAINT subscriber_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY receipt.counter
    ADD CONSTRAINT counter_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY receipt.void
    ADD CONSTRAINT void_by_reversal FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY receipt.void
    ADD CONSTRAINT void_receipt FOREIGN KEY (community_id, series, year, number) REFERENCES receipt.receipt(community_id, series, year, number);

ALTER TABLE ONLY reconcile.match
    ADD CONSTRAINT match_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY reconcile.match_line
    ADD CONSTRAINT match_line_line FOREIGN KEY (community_id, account_id, line_id) REFERENCES statement.line(community_id, account_id, id);

ALTER TABLE ONLY reconcile.match_line
    ADD CONSTRAINT match_line_match FOREIGN KEY (community_id, match_id) REFERENCES reconcile.match(community_id, id);

ALTER TABLE ONLY reconcile.match_posting
    ADD CONSTRAINT match_posting_match FOREIGN KEY (community_id, match_id) REFERENCES reconcile.match(community_id, id);

ALTER TABLE ONLY reconcile.match_posting
    ADD CONSTRAINT match_posting_posting FOREIGN KEY (community_id, seq, posting) REFERENCES ledger.posting(community_id, seq, line);

ALTER TABLE ONLY reconcile.reconciliation
    ADD CONSTRAINT reconciliation_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY reconcile.rule
    ADD CONSTRAINT rule_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY reconcile.rule
    ADD CONSTRAINT rule_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY reconcile.rule
    ADD CONSTRAINT rule_to_account FOREIGN KEY (community_id, to_account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY reconcile.transit
    ADD CONSTRAINT transit_posting FOREIGN KEY (community_id, seq, posting) REFERENCES ledger.posting(community_id, seq, line);

ALTER TABLE ONLY report.cash_month
    ADD CONSTRAINT cash_month_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY report.cash_month
    ADD CONSTRAINT cash_month_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY report.cash_through
    ADD CONSTRAINT cash_through_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY round.ballot
    ADD CONSTRAINT ballot_tally FOREIGN KEY (community_id, round_id) REFERENCES round.tally(community_id, round_id);

ALTER TABLE ONLY round.batch
    ADD CONSTRAINT batch_round FOREIGN KEY (community_id, round_id) REFERENCES round.round(community_id, id);

ALTER TABLE ONLY round.code
    ADD CONSTRAINT code_batch FOREIGN KEY (community_id, round_id, batch) REFERENCES round.batch(community_id, round_id, number);

ALTER TABLE ONLY round.idea
    ADD CONSTRAINT idea_project FOREIGN KEY (community_id, project_id) REFERENCES project.project(community_id, id);

ALTER TABLE ONLY round.idea
    ADD CONSTRAINT idea_round FOREIGN KEY (community_id, round_id) REFERENCES round.round(community_id, id);

ALTER TABLE ONLY round.proposer
    ADD CONSTRAINT proposer_idea FOREIGN KEY (community_id, round_id, number) REFERENCES round.idea(community_id, round_id, number);

ALTER TABLE ONLY round.result
    ADD CONSTRAINT result_idea FOREIGN KEY (community_id, round_id, number) REFERENCES round.idea(community_id, round_id, number);

ALTER TABLE ONLY round.result
    ADD CONSTRAINT result_tally FOREIGN KEY (community_id, round_id) REFERENCES round.tally(community_id, round_id);

ALTER TABLE ONLY round.round
    ADD CONSTRAINT round_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY round.staged
    ADD CONSTRAINT staged_round FOREIGN KEY (community_id, round_id) REFERENCES round.round(community_id, id);

ALTER TABLE ONLY round.tally
    ADD CONSTRAINT tally_round FOREIGN KEY (community_id, round_id) REFERENCES round.round(community_id, id);

ALTER TABLE ONLY sale.auction
    ADD CONSTRAINT auction_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.bid
    ADD CONSTRAINT bid_bidder FOREIGN KEY (community_id, place_id, paddle) REFERENCES sale.bidder(community_id, place_id, paddle);

ALTER TABLE ONLY sale.bid
    ADD CONSTRAINT bid_lot FOREIGN KEY (community_id, item_id) REFERENCES sale.lot(community_id, item_id);

ALTER TABLE ONLY sale.bidder
    ADD CONSTRAINT bidder_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.cost
    ADD CONSTRAINT cost_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY sale.cost
    ADD CONSTRAINT cost_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.count
    ADD CONSTRAINT count_session FOREIGN KEY (community_id, session_id) REFERENCES sale.session(community_id, id);

ALTER TABLE ONLY sale.item
    ADD CONSTRAINT item_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY sale.item
    ADD CONSTRAINT item_donor FOREIGN KEY (community_id, donor_id) REFERENCES campaigns.donor(community_id, id);

ALTER TABLE ONLY sale.item
    ADD CONSTRAINT item_in_kind FOREIGN KEY (community_id, in_kind_id) REFERENCES campaigns.in_kind(community_id, id);

ALTER TABLE ONLY sale.item
    ADD CONSTRAINT item_picture FOREIGN KEY (community_id, picture_id) REFERENCES campaigns.picture(community_id, id);

ALTER TABLE ONLY sale.item
    ADD CONSTRAINT item_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.line
    ADD CONSTRAINT line_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY sale.line
    ADD CONSTRAINT line_item FOREIGN KEY (community_id, item_id) REFERENCES sale.item(community_id, id);

ALTER TABLE ONLY sale.line
    ADD CONSTRAINT line_sale FOREIGN KEY (community_id, sale_id) REFERENCES sale.sale(community_id, id);

ALTER TABLE ONLY sale.lot
    ADD CONSTRAINT lot_item FOREIGN KEY (community_id, item_id) REFERENCES sale.item(community_id, id);

ALTER TABLE ONLY sale.lot
    ADD CONSTRAINT lot_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.lot
    ADD CONSTRAINT lot_won_by_bid FOREIGN KEY (community_id, item_id, won_by) REFERENCES sale.bid(community_id, item_id, nth);

ALTER TABLE ONLY sale.payment
    ADD CONSTRAINT payment_sale FOREIGN KEY (community_id, sale_id) REFERENCES sale.sale(community_id, id);

ALTER TABLE ONLY sale.place
    ADD CONSTRAINT place_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY sale.place
    ADD CONSTRAINT place_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY sale.place
    ADD CONSTRAINT place_cost_account FOREIGN KEY (community_id, cost_account) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY sale.place
    ADD CONSTRAINT place_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY sale.place
    ADD CONSTRAINT place_income_account FOREIGN KEY (community_id, income_account) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY sale.refund_line
    ADD CONSTRAINT refund_line_line FOREIGN KEY (community_id, sale_id, line) REFERENCES sale.line(community_id, sale_id, line);

ALTER TABLE ONLY sale.refund_line
    ADD CONSTRAINT refund_line_refund FOREIGN KEY (community_id, refund_id) REFERENCES sale.refund(community_id, id);

ALTER TABLE ONLY sale.refund_payment
    ADD CONSTRAINT refund_payment_refund FOREIGN KEY (community_id, refund_id) REFERENCES sale.refund(community_id, id);

ALTER TABLE ONLY sale.refund
    ADD CONSTRAINT refund_sale FOREIGN KEY (community_id, sale_id) REFERENCES sale.sale(community_id, id);

ALTER TABLE ONLY sale.refund
    ADD CONSTRAINT refund_session FOREIGN KEY (community_id, session_id) REFERENCES sale.session(community_id, id);

ALTER TABLE ONLY sale.reservation
    ADD CONSTRAINT reservation_item FOREIGN KEY (community_id, item_id) REFERENCES sale.item(community_id, id);

ALTER TABLE ONLY sale.reservation
    ADD CONSTRAINT reservation_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.sale
    ADD CONSTRAINT sale_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.sale
    ADD CONSTRAINT sale_session FOREIGN KEY (community_id, session_id) REFERENCES sale.session(community_id, id);

ALTER TABLE ONLY sale.sale
    ADD CONSTRAINT sale_tip_given FOREIGN KEY (community_id, tip_id) REFERENCES campaigns.donation(community_id, id);

ALTER TABLE ONLY sale.seat
    ADD CONSTRAINT seat_of_plan FOREIGN KEY (community_id, item_id) REFERENCES sale.seat_plan(community_id, item_id);

ALTER TABLE ONLY sale.seat_plan
    ADD CONSTRAINT seat_plan_item FOREIGN KEY (community_id, item_id) REFERENCES sale.item(community_id, id);

ALTER TABLE ONLY sale.session
    ADD CONSTRAINT session_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.session
    ADD CONSTRAINT session_till FOREIGN KEY (community_id, till) REFERENCES sale.till(community_id, code);

ALTER TABLE ONLY sale.setting
    ADD CONSTRAINT setting_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY sale.shift
    ADD CONSTRAINT shift_hours FOREIGN KEY (community_id, hours_number) REFERENCES mutualaid.hour_entry(community_id, number);

ALTER TABLE ONLY sale.shift
    ADD CONSTRAINT shift_person FOREIGN KEY (community_id, person_id) REFERENCES mutualaid.person(community_id, id);

ALTER TABLE ONLY sale.shift
    ADD CONSTRAINT shift_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.surplus
    ADD CONSTRAINT surplus_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY sale.surplus
    ADD CONSTRAINT surplus_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.takings
    ADD CONSTRAINT takings_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY sale.takings
    ADD CONSTRAINT takings_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.ticket_counter
    ADD CONSTRAINT ticket_counter_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.ticket
    ADD CONSTRAINT ticket_item FOREIGN KEY (community_id, item_id) REFERENCES sale.item(community_id, id);

ALTER TABLE ONLY sale.ticket
    ADD CONSTRAINT ticket_place FOREIGN KEY (community_id, place_id) REFERENCES sale.place(community_id, id);

ALTER TABLE ONLY sale.ticket
    ADD CONSTRAINT ticket_reservation FOREIGN KEY (community_id, reservation_id) REFERENCES sale.reservation(community_id, id);

ALTER TABLE ONLY sale.ticket
    ADD CONSTRAINT ticket_seat FOREIGN KEY (community_id, item_id, block, place) REFERENCES sale.seat(community_id, item_id, block, place);

ALTER TABLE ONLY sale.ticket
    ADD CONSTRAINT ticket_sold FOREIGN KEY (community_id, sale_id, line) REFERENCES sale.line(community_id, sale_id, line);

ALTER TABLE ONLY sale.till
    ADD CONSTRAINT till_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY sale.void
    ADD CONSTRAINT void_session FOREIGN KEY (community_id, session_id) REFERENCES sale.session(community_id, id);

ALTER TABLE ONLY sale.z_report
    ADD CONSTRAINT z_report_session FOREIGN KEY (community_id, session_id) REFERENCES sale.session(community_id, id);

ALTER TABLE ONLY schedule.disposal
    ADD CONSTRAINT disposal_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY schedule.disposal
    ADD CONSTRAINT disposal_item FOREIGN KEY (community_id, item_id) REFERENCES schedule.item(community_id, id);

ALTER TABLE ONLY schedule.item
    ADD CONSTRAINT item_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY schedule.item
    ADD CONSTRAINT item_contra FOREIGN KEY (community_id, contra_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY schedule.item
    ADD CONSTRAINT item_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY schedule.item
    ADD CONSTRAINT item_expense FOREIGN KEY (community_id, expense_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY schedule.item
    ADD CONSTRAINT item_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY schedule.recurring_line
    ADD CONSTRAINT recurring_line_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY schedule.recurring_line
    ADD CONSTRAINT recurring_line_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY schedule.recurring_line
    ADD CONSTRAINT recurring_line_of FOREIGN KEY (community_id, recurring_id) REFERENCES schedule.recurring(community_id, id);

ALTER TABLE ONLY schedule.turn
    ADD CONSTRAINT turn_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY search.block
    ADD CONSTRAINT block_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY search.term
    ADD CONSTRAINT term_block FOREIGN KEY (community_id, block) REFERENCES search.block(community_id, block);

ALTER TABLE ONLY spending.batch
    ADD CONSTRAINT batch_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY spending.decision
    ADD CONSTRAINT decision_request FOREIGN KEY (community_id, request_id, asked_by, payee_user) REFERENCES spending.request(community_id, id, asked_by, payee_user);

ALTER TABLE ONLY spending.paper
    ADD CONSTRAINT paper_original FOREIGN KEY (community_id, original_id) REFERENCES campaigns.original(community_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY spending.paper
    ADD CONSTRAINT paper_request FOREIGN KEY (community_id, request_id) REFERENCES spending.request(community_id, id);

ALTER TABLE ONLY spending.payee
    ADD CONSTRAINT payee_request FOREIGN KEY (community_id, request_id) REFERENCES spending.request(community_id, id);

ALTER TABLE ONLY spending.request
    ADD CONSTRAINT request_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY spending.request
    ADD CONSTRAINT request_batch FOREIGN KEY (community_id, batch) REFERENCES spending.batch(community_id, number);

ALTER TABLE ONLY spending.request
    ADD CONSTRAINT request_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY spending.request
    ADD CONSTRAINT request_fund FOREIGN KEY (community_id, fund_id) REFERENCES ledger.fund(community_id, id);

ALTER TABLE ONLY spending.request
    ADD CONSTRAINT request_line FOREIGN KEY (community_id, project_id, line) REFERENCES project.budget_line(community_id, project_id, line);

ALTER TABLE ONLY spending.rule
    ADD CONSTRAINT rule_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY spending.step
    ADD CONSTRAINT step_request FOREIGN KEY (community_id, request_id) REFERENCES spending.request(community_id, id);

ALTER TABLE ONLY statement.line
    ADD CONSTRAINT line_statement FOREIGN KEY (community_id, statement_id) REFERENCES statement.statement(community_id, id);

ALTER TABLE ONLY statement.profile
    ADD CONSTRAINT profile_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY statement.statement
    ADD CONSTRAINT statement_account FOREIGN KEY (community_id, account_id) REFERENCES ledger.account(community_id, id);

ALTER TABLE ONLY transparency.cosignature
    ADD CONSTRAINT cosignature_checkpoint FOREIGN KEY (community_id, number) REFERENCES transparency.checkpoint(community_id, number);

ALTER TABLE ONLY transparency.cosignature
    ADD CONSTRAINT cosignature_witness FOREIGN KEY (community_id, witness_id) REFERENCES transparency.witness(community_id, id);

ALTER TABLE ONLY transparency.fork
    ADD CONSTRAINT fork_of_watched FOREIGN KEY (community_id, watched_id) REFERENCES transparency.watched(community_id, id);

ALTER TABLE ONLY transparency.watched
    ADD CONSTRAINT watched_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY transparency.witness
    ADD CONSTRAINT witness_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY upload.file
    ADD CONSTRAINT file_community FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY voice.asker
    ADD CONSTRAINT asker_question FOREIGN KEY (community_id, question_id) REFERENCES voice.question(community_id, id);

ALTER TABLE ONLY voice.contact
    ADD CONSTRAINT contact_proposal FOREIGN KEY (community_id, proposal_id) REFERENCES voice.proposal(community_id, id);

ALTER TABLE ONLY voice.follow
    ADD CONSTRAINT follow_donation FOREIGN KEY (community_id, donation_id) REFERENCES campaigns.donation(community_id, id);

ALTER TABLE ONLY voice.letter
    ADD CONSTRAINT letter_follow FOREIGN KEY (community_id, donation_id) REFERENCES voice.follow(community_id, donation_id);

ALTER TABLE ONLY voice.letter
    ADD CONSTRAINT letter_post FOREIGN KEY (community_id, post_id) REFERENCES voice.post(community_id, id);

ALTER TABLE ONLY voice.photo
    ADD CONSTRAINT photo_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY voice.photo
    ADD CONSTRAINT photo_picture FOREIGN KEY (community_id, picture_id) REFERENCES campaigns.picture(community_id, id);

ALTER TABLE ONLY voice.photo
    ADD CONSTRAINT photo_post FOREIGN KEY (community_id, post_id) REFERENCES voice.post(community_id, id);

ALTER TABLE ONLY voice.photo
    ADD CONSTRAINT photo_proposal FOREIGN KEY (community_id, proposal_id) REFERENCES voice.proposal(community_id, id);

ALTER TABLE ONLY voice.post
    ADD CONSTRAINT post_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY voice.proposal
    ADD CONSTRAINT proposal_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY voice.proposal
    ADD CONSTRAINT proposal_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY voice.question
    ADD CONSTRAINT question_campaign FOREIGN KEY (community_id, campaign_id) REFERENCES campaigns.campaign(community_id, id);

ALTER TABLE ONLY voice.question
    ADD CONSTRAINT question_entry FOREIGN KEY (community_id, entry_seq) REFERENCES ledger.journal_entry(community_id, seq);

ALTER TABLE ONLY voice.setting
    ADD CONSTRAINT setting_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY voice.step
    ADD CONSTRAINT step_proposal FOREIGN KEY (community_id, proposal_id) REFERENCES voice.proposal(community_id, id);

ALTER TABLE ONLY webhook.delivery
    ADD CONSTRAINT delivery_event FOREIGN KEY (community_id, event_id) REFERENCES webhook.event(community_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY webhook.delivery
    ADD CONSTRAINT delivery_subscriber FOREIGN KEY (community_id, subscriber_id) REFERENCES webhook.subscriber(community_id, id);

ALTER TABLE ONLY webhook.event
    ADD CONSTRAINT event_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY webhook.heard
    ADD CONSTRAINT heard_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY webhook.subscriber
    ADD CONSTRAINT subscriber_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

ALTER TABLE ONLY webhook.told
    ADD CONSTRAINT told_community_id_fkey FOREIGN KEY (community_id) REFERENCES ledger.community(id);

GRANT USAGE ON SCHEMA auth TO fund_app;

GRANT USAGE ON SCHEMA box TO fund_app;

GRANT USAGE ON SCHEMA budget TO fund_app;

GRANT USAGE ON SCHEMA campaigns TO fund_app;

GRANT USAGE ON SCHEMA council TO fund_app;

GRANT USAGE ON SCHEMA disclosure TO fund_app;

GRANT USAGE ON SCHEMA giver TO fund_app;

GRANT USAGE ON SCHEMA ledger TO fund_app;

GRANT USAGE ON SCHEMA mail TO fund_app;

GRANT USAGE ON SCHEMA mutualaid TO fund_app;

GRANT USAGE ON SCHEMA organisation TO fund_app;

GRANT USAGE ON SCHEMA outbox TO fund_app;

GRANT USAGE ON SCHEMA payment TO fund_app;

GRANT USAGE ON SCHEMA pledge TO fund_app;

GRANT USAGE ON SCHEMA project TO fund_app;

GRANT USAGE ON SCHEMA publication TO fund_app;

GRANT USAGE ON SCHEMA receipt TO fund_app;

GRANT USAGE ON SCHEMA reconcile TO fund_app;

GRANT USAGE ON SCHEMA report TO fund_app;

GRANT USAGE ON SCHEMA round TO fund_app;

GRANT USAGE ON SCHEMA sale TO fund_app;

GRANT USAGE ON SCHEMA schedule TO fund_app;

GRANT USAGE ON SCHEMA search TO fund_app;

GRANT USAGE ON SCHEMA spending TO fund_app;

GRANT USAGE ON SCHEMA statement TO fund_app;

GRANT USAGE ON SCHEMA transparency TO fund_app;

GRANT USAGE ON SCHEMA upload TO fund_app;

GRANT USAGE ON SCHEMA voice TO fund_app;

GRANT USAGE ON SCHEMA webhook TO fund_app;

REVOKE ALL ON FUNCTION campaigns.book_donations(community integer, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[], reversed bigint[], commitments bytea[], entry_of integer[], accounts integer[], funds integer[], amounts numeric[], ids uuid[], refs text[], paid timestamp with time zone[], given numeric[], tokens text[], codes text[], letters boolean[]) FROM PUBLIC;
GRANT ALL ON FUNCTION campaigns.book_donations(community integer, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[], reversed bigint[], commitments bytea[], entry_of integer[], accounts integer[], funds integer[], amounts numeric[], ids uuid[], refs text[], paid timestamp with time zone[], given numeric[], tokens text[], codes text[], letters boolean[]) TO fund_app;

REVOKE ALL ON FUNCTION campaigns.log_paper(community integer, entry bigint, kind text, file uuid, of_media text, of_digest bytea, who text) FROM PUBLIC;
GRANT ALL ON FUNCTION campaigns.log_paper(community integer, entry bigint, kind text, file uuid, of_media text, of_digest bytea, who text) TO fund_app;

REVOKE ALL ON FUNCTION campaigns.match_made() FROM PUBLIC;

REVOKE ALL ON FUNCTION campaigns.match_taken_back() FROM PUBLIC;

REVOKE ALL ON FUNCTION campaigns.offer_matches(community integer, donations uuid[], paid timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION campaigns.offer_matches(community integer, donations uuid[], paid timestamp with time zone[]) TO fund_app;

GRANT SELECT ON TABLE campaigns.paper TO fund_app;

GRANT ALL ON FUNCTION campaigns.paper_record(p campaigns.paper, slug text) TO fund_app;

REVOKE ALL ON FUNCTION campaigns.waiting_donations(community integer, ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION campaigns.waiting_donations(community integer, ids uuid[]) TO fund_app;

REVOKE ALL ON FUNCTION council.cast_vote(community integer, of_motion uuid, of_member integer, on_day date, chosen text, voters_code bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION council.cast_vote(community integer, of_motion uuid, of_member integer, on_day date, chosen text, voters_code bytea) TO fund_app;

GRANT SELECT,INSERT ON TABLE council.motion TO fund_app;

GRANT UPDATE(kind) ON TABLE council.motion TO fund_app;

GRANT UPDATE(title_zh) ON TABLE council.motion TO fund_app;

GRANT UPDATE(title_en) ON TABLE council.motion TO fund_app;

GRANT UPDATE(text_zh) ON TABLE council.motion TO fund_app;

GRANT UPDATE(text_en) ON TABLE council.motion TO fund_app;

GRANT UPDATE(amount) ON TABLE council.motion TO fund_app;

GRANT UPDATE(from_fund) ON TABLE council.motion TO fund_app;

GRANT UPDATE(to_fund) ON TABLE council.motion TO fund_app;

GRANT UPDATE(project_id) ON TABLE council.motion TO fund_app;

GRANT UPDATE(state) ON TABLE council.motion TO fund_app;

GRANT UPDATE(rule_n) ON TABLE council.motion TO fund_app;

GRANT UPDATE(opened_on) ON TABLE council.motion TO fund_app;

GRANT UPDATE(until) ON TABLE council.motion TO fund_app;

GRANT UPDATE(moved_by) ON TABLE council.motion TO fund_app;

GRANT UPDATE(moved_at) ON TABLE council.motion TO fund_app;

GRANT UPDATE(why) ON TABLE council.motion TO fund_app;

REVOKE ALL ON FUNCTION council.votes_on(community integer, fund integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION ledger.agree_reopening(community integer, request integer, who text, as_role text) FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.agree_reopening(community integer, request integer, who text, as_role text) TO fund_app;

REVOKE ALL ON FUNCTION ledger.ask_reopening(community integer, in_month date, who text, as_role text, why text) FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.ask_reopening(community integer, in_month date, who text, as_role text, why text) TO fund_app;

REVOKE ALL ON FUNCTION ledger.close_period(community integer, in_month date, who text, checklist jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.close_period(community integer, in_month date, who text, checklist jsonb) TO fund_app;

GRANT ALL ON FUNCTION ledger.open_book(community integer, OUT timezone text, OUT closed text[], OUT purposes text[]) TO fund_app;

REVOKE ALL ON FUNCTION ledger.post_entries(community integer, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[], reversed bigint[], commitments bytea[], entry_of integer[], accounts integer[], funds integer[], amounts numeric[]) FROM PUBLIC;
GRANT ALL ON FUNCTION ledger.post_entries(community integer, dates date[], kinds text[], sources text[], memos text[], details text[], posters text[], reversed bigint[], commitments bytea[], entry_of integer[], accounts integer[], funds integer[], amounts numeric[]) TO fund_app;

REVOKE ALL ON FUNCTION ledger.year_end_guard(entries ledger.entry_key[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION mutualaid.post_hours(community integer, on_day date, of_kind text, in_category text, from_source text, with_memo text, who text, undoes integer, people integer[], each integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION mutualaid.post_hours(community integer, on_day date, of_kind text, in_category text, from_source text, with_memo text, who text, undoes integer, people integer[], each integer[]) TO fund_app;

REVOKE ALL ON FUNCTION organisation.earn() FROM PUBLIC;

REVOKE ALL ON FUNCTION organisation.number_invoice() FROM PUBLIC;

REVOKE ALL ON FUNCTION organisation.price_session() FROM PUBLIC;

REVOKE ALL ON FUNCTION organisation.refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION organisation.refuse_invoice_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION organisation.refuse_overpaid() FROM PUBLIC;

REVOKE ALL ON FUNCTION organisation.refuse_overreleased() FROM PUBLIC;

REVOKE ALL ON FUNCTION organisation.refuse_overspent_points() FROM PUBLIC;

REVOKE ALL ON FUNCTION organisation.refuse_session_change() FROM PUBLIC;

GRANT SELECT,INSERT ON TABLE project.project TO fund_app;

GRANT UPDATE(slug) ON TABLE project.project TO fund_app;

GRANT UPDATE(fund_id) ON TABLE project.project TO fund_app;

GRANT UPDATE(theme) ON TABLE project.project TO fund_app;

GRANT UPDATE(year) ON TABLE project.project TO fund_app;

GRANT UPDATE(title_zh) ON TABLE project.project TO fund_app;

GRANT UPDATE(title_en) ON TABLE project.project TO fund_app;

GRANT UPDATE(place_zh) ON TABLE project.project TO fund_app;

GRANT UPDATE(place_en) ON TABLE project.project TO fund_app;

GRANT UPDATE(organisation_zh) ON TABLE project.project TO fund_app;

GRANT UPDATE(organisation_en) ON TABLE project.project TO fund_app;

GRANT UPDATE(need_zh) ON TABLE project.project TO fund_app;

GRANT UPDATE(need_en) ON TABLE project.project TO fund_app;

GRANT UPDATE(people_zh) ON TABLE project.project TO fund_app;

GRANT UPDATE(people_en) ON TABLE project.project TO fund_app;

GRANT UPDATE(own_zh) ON TABLE project.project TO fund_app;

GRANT UPDATE(own_en) ON TABLE project.project TO fund_app;

REVOKE ALL ON FUNCTION project.say_consent(community integer, of_project integer, zh text, en text, on_day date, in_favour integer, against integer) FROM PUBLIC;
GRANT ALL ON FUNCTION project.say_consent(community integer, of_project integer, zh text, en text, on_day date, in_favour integer, against integer) TO fund_app;

REVOKE ALL ON FUNCTION receipt.issue_receipts(community integer, in_series text, subjects uuid[], entries bigint[], amounts numeric[], days date[], tokens text[], codes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION receipt.issue_receipts(community integer, in_series text, subjects uuid[], entries bigint[], amounts numeric[], days date[], tokens text[], codes text[]) TO fund_app;

REVOKE ALL ON FUNCTION report.advance_cash(community integer, money_accounts integer[], at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION report.advance_cash(community integer, money_accounts integer[], at_most integer) TO fund_app;

REVOKE ALL ON FUNCTION round.cast_ballot(community integer, of_round integer, with_digest bytea, chosen integer[], by_method text, on_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION round.cast_ballot(community integer, of_round integer, with_digest bytea, chosen integer[], by_method text, on_day date) TO fund_app;

REVOKE ALL ON FUNCTION round.count_ballots(community integer, of_round integer, who text, at timestamp with time zone, on_day date) FROM PUBLIC;
GRANT ALL ON FUNCTION round.count_ballots(community integer, of_round integer, who text, at timestamp with time zone, on_day date) TO fund_app;

REVOKE ALL ON FUNCTION sale.session_is_open() FROM PUBLIC;

REVOKE ALL ON FUNCTION sale.write_sales(community integer, at timestamp with time zone, ids uuid[], places integer[], sessions uuid[], slips text[], rung timestamp with time zone[], totals numeric[], tips numeric[], tip_ids uuid[], cashiers text[], entries bigint[], line_of integer[], line_nth integer[], items uuid[], names text[], quantities integer[], prices numeric[], accounts integer[], paid_of integer[], paid_nth integer[], ways text[], amounts numeric[], givens numeric[]) FROM PUBLIC;
GRANT ALL ON FUNCTION sale.write_sales(community integer, at timestamp with time zone, ids uuid[], places integer[], sessions uuid[], slips text[], rung timestamp with time zone[], totals numeric[], tips numeric[], tip_ids uuid[], cashiers text[], entries bigint[], line_of integer[], line_nth integer[], items uuid[], names text[], quantities integer[], prices numeric[], accounts integer[], paid_of integer[], paid_nth integer[], ways text[], amounts numeric[], givens numeric[]) TO fund_app;

GRANT SELECT ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(community_id) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(user_id) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(verb) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(subject) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(address) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(agent) ON TABLE auth.audit_log TO fund_app;

GRANT INSERT(detail) ON TABLE auth.audit_log TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.login_attempt TO fund_app;

GRANT SELECT,INSERT ON TABLE auth.membership TO fund_app;

GRANT UPDATE(roles) ON TABLE auth.membership TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.rate_limit TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.reset TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE auth.session TO fund_app;

GRANT UPDATE(token_hash) ON TABLE auth.session TO fund_app;

GRANT UPDATE(seen_at) ON TABLE auth.session TO fund_app;

GRANT UPDATE(stepped_up_at) ON TABLE auth.session TO fund_app;

GRANT SELECT,INSERT ON TABLE auth."user" TO fund_app;

GRANT UPDATE(name) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(password_hash) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(password_temporary) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(totp_secret) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(totp_confirmed_at) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(totp_last_step) ON TABLE auth."user" TO fund_app;

GRANT UPDATE(disabled_at) ON TABLE auth."user" TO fund_app;

GRANT SELECT,INSERT ON TABLE box.box TO fund_app;

GRANT UPDATE(place_zh) ON TABLE box.box TO fund_app;

GRANT UPDATE(place_en) ON TABLE box.box TO fund_app;

GRANT UPDATE(campaign_id) ON TABLE box.box TO fund_app;

GRANT UPDATE(retired_at) ON TABLE box.box TO fund_app;

GRANT SELECT,INSERT ON TABLE box.count TO fund_app;

GRANT UPDATE(pieces) ON TABLE box.count TO fund_app;

GRANT UPDATE(total) ON TABLE box.count TO fund_app;

GRANT UPDATE(confirmed) ON TABLE box.count TO fund_app;

GRANT UPDATE(tries) ON TABLE box.count TO fund_app;

GRANT UPDATE(counted_at) ON TABLE box.count TO fund_app;

GRANT SELECT,INSERT ON TABLE box.round TO fund_app;

GRANT UPDATE(collected_by) ON TABLE box.round TO fund_app;

GRANT UPDATE(collected_at) ON TABLE box.round TO fund_app;

GRANT UPDATE(intact) ON TABLE box.round TO fund_app;

GRANT UPDATE(remark) ON TABLE box.round TO fund_app;

GRANT UPDATE(opened_at) ON TABLE box.round TO fund_app;

GRANT UPDATE(amount) ON TABLE box.round TO fund_app;

GRANT UPDATE(difference) ON TABLE box.round TO fund_app;

GRANT UPDATE(reason) ON TABLE box.round TO fund_app;

GRANT UPDATE(donation_id) ON TABLE box.round TO fund_app;

GRANT UPDATE(entry_seq) ON TABLE box.round TO fund_app;

GRANT UPDATE(difference_seq) ON TABLE box.round TO fund_app;

GRANT UPDATE(deposit_id) ON TABLE box.round TO fund_app;

GRANT SELECT,INSERT ON TABLE budget.commitment TO fund_app;

GRANT UPDATE(released_at) ON TABLE budget.commitment TO fund_app;

GRANT SELECT,INSERT ON TABLE budget.line TO fund_app;

GRANT SELECT,INSERT ON TABLE budget.version TO fund_app;

GRANT SELECT,INSERT ON TABLE budget.year TO fund_app;

GRANT UPDATE(version) ON TABLE budget.year TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE campaigns.budget_line TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.campaign TO fund_app;

GRANT SELECT,INSERT ON TABLE campaigns.conclusion TO fund_app;

GRANT SELECT,INSERT ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(state) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(message) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(show_name) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(show_message) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(paid_at) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(provider_ref) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(entry_seq) ON TABLE campaigns.donation TO fund_app;

GRANT UPDATE(refunded) ON TABLE campaigns.donation TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.donor TO fund_app;

GRANT SELECT,INSERT ON TABLE campaigns.evidence TO fund_app;

GRANT UPDATE(withdrawn_by) ON TABLE campaigns.evidence TO fund_app;

GRANT UPDATE(withdrawn_at) ON TABLE campaigns.evidence TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.host TO fund_app;

GRANT SELECT,INSERT ON TABLE campaigns.in_kind TO fund_app;

GRANT UPDATE(show_name) ON TABLE campaigns.in_kind TO fund_app;

GRANT UPDATE(undone_at) ON TABLE campaigns.in_kind TO fund_app;

GRANT SELECT,INSERT ON TABLE campaigns.match TO fund_app;

GRANT UPDATE(giver) ON TABLE campaigns.match TO fund_app;

GRANT UPDATE(taken_back) ON TABLE campaigns.match TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE campaigns.original TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE campaigns.picture TO fund_app;

GRANT SELECT,INSERT ON TABLE campaigns.pool TO fund_app;

GRANT UPDATE(sponsor_zh) ON TABLE campaigns.pool TO fund_app;

GRANT UPDATE(sponsor_en) ON TABLE campaigns.pool TO fund_app;

GRANT UPDATE(settled) ON TABLE campaigns.pool TO fund_app;

GRANT UPDATE(closed_by) ON TABLE campaigns.pool TO fund_app;

GRANT UPDATE(closed_at) ON TABLE campaigns.pool TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.quarantine TO fund_app;

GRANT SELECT,INSERT ON TABLE campaigns.refund TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.refund_progress TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE campaigns.tally TO fund_app;

GRANT SELECT,INSERT ON TABLE council.comment TO fund_app;

GRANT SELECT,INSERT ON TABLE council.council TO fund_app;

GRANT SELECT,INSERT ON TABLE council.member TO fund_app;

GRANT UPDATE(name) ON TABLE council.member TO fund_app;

GRANT UPDATE(office) ON TABLE council.member TO fund_app;

GRANT UPDATE(user_subject) ON TABLE council.member TO fund_app;

GRANT UPDATE(until_on) ON TABLE council.member TO fund_app;

GRANT SELECT,INSERT ON TABLE council.minuted TO fund_app;

GRANT SELECT,INSERT ON TABLE council.minutes TO fund_app;

GRANT SELECT ON TABLE council.moved TO fund_app;

GRANT SELECT,INSERT ON TABLE council.paper TO fund_app;

GRANT INSERT ON TABLE council.paper_count TO fund_app;

GRANT SELECT(community_id) ON TABLE council.paper_count TO fund_app;

GRANT SELECT(motion_id) ON TABLE council.paper_count TO fund_app;

GRANT SELECT(round) ON TABLE council.paper_count TO fund_app;

GRANT SELECT(counted_by) ON TABLE council.paper_count TO fund_app;

GRANT SELECT(counted_at) ON TABLE council.paper_count TO fund_app;

GRANT SELECT(agreed) ON TABLE council.paper_count TO fund_app;

GRANT SELECT ON TABLE council.result TO fund_app;

GRANT INSERT(community_id) ON TABLE council.result TO fund_app;

GRANT INSERT(motion_id) ON TABLE council.result TO fund_app;

GRANT INSERT(closed_by) ON TABLE council.result TO fund_app;

GRANT INSERT(closed_at) ON TABLE council.result TO fund_app;

GRANT SELECT ON TABLE council.roll TO fund_app;

GRANT UPDATE(way) ON TABLE council.roll TO fund_app;

GRANT UPDATE(voted_on) ON TABLE council.roll TO fund_app;

GRANT UPDATE(conflict) ON TABLE council.roll TO fund_app;

GRANT SELECT,INSERT ON TABLE council.rule TO fund_app;

GRANT SELECT,INSERT ON TABLE council.signature TO fund_app;

GRANT SELECT,INSERT ON TABLE council.use TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE disclosure.counter TO fund_app;

GRANT SELECT,INSERT ON TABLE disclosure.document TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE disclosure.draft TO fund_app;

GRANT SELECT,INSERT ON TABLE disclosure.drawing TO fund_app;

GRANT SELECT,INSERT ON TABLE disclosure.event TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE disclosure.feed TO fund_app;

GRANT SELECT,INSERT ON TABLE giver.consent TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE giver.link TO fund_app;

GRANT UPDATE(address) ON TABLE giver.link TO fund_app;

GRANT UPDATE(used_at) ON TABLE giver.link TO fund_app;

GRANT SELECT,INSERT ON TABLE giver.refund_request TO fund_app;

GRANT UPDATE(reason) ON TABLE giver.refund_request TO fund_app;

GRANT UPDATE(state) ON TABLE giver.refund_request TO fund_app;

GRANT UPDATE(answer) ON TABLE giver.refund_request TO fund_app;

GRANT UPDATE(answered_by) ON TABLE giver.refund_request TO fund_app;

GRANT UPDATE(answered_at) ON TABLE giver.refund_request TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE giver.refund_rule TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE giver.session TO fund_app;

GRANT UPDATE(seen_at) ON TABLE giver.session TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.account TO fund_app;

GRANT UPDATE(name_zh) ON TABLE ledger.account TO fund_app;

GRANT UPDATE(name_en) ON TABLE ledger.account TO fund_app;

GRANT UPDATE(purpose) ON TABLE ledger.account TO fund_app;

GRANT UPDATE(closed_at) ON TABLE ledger.account TO fund_app;

GRANT SELECT ON TABLE ledger.balance TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.book TO fund_app;

GRANT SELECT ON TABLE ledger.book_year TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.cash_deposit TO fund_app;

GRANT UPDATE(arrived_seq) ON TABLE ledger.cash_deposit TO fund_app;

GRANT UPDATE(arrived_by) ON TABLE ledger.cash_deposit TO fund_app;

GRANT UPDATE(arrived_at) ON TABLE ledger.cash_deposit TO fund_app;

GRANT SELECT ON TABLE ledger.closing TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.community TO fund_app;

GRANT UPDATE(name_zh) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(name_en) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(place_zh) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(place_en) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(address_zh) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(address_en) ON TABLE ledger.community TO fund_app;

GRANT UPDATE(phone) ON TABLE ledger.community TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.fund TO fund_app;

GRANT UPDATE(name_zh) ON TABLE ledger.fund TO fund_app;

GRANT UPDATE(name_en) ON TABLE ledger.fund TO fund_app;

GRANT UPDATE(closed_at) ON TABLE ledger.fund TO fund_app;

GRANT SELECT ON TABLE ledger.fund_balance TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.fund_loan TO fund_app;

GRANT SELECT,INSERT ON TABLE ledger.fund_repayment TO fund_app;

GRANT SELECT ON TABLE ledger.journal_entry TO fund_app;

GRANT SELECT ON TABLE ledger.month_tally TO fund_app;

GRANT SELECT ON TABLE ledger.period TO fund_app;

GRANT SELECT ON TABLE ledger.posting TO fund_app;

GRANT SELECT ON TABLE ledger.reopening TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE ledger.template TO fund_app;

GRANT UPDATE(name) ON TABLE ledger.template TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE ledger.template_line TO fund_app;

GRANT SELECT ON TABLE ledger.year_end TO fund_app;

GRANT SELECT ON TABLE ledger.turnover TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE mail.delivery TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE mail.kept TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE mail.reply_to TO fund_app;

GRANT SELECT,INSERT ON TABLE mutualaid.card TO fund_app;

GRANT UPDATE(what) ON TABLE mutualaid.card TO fund_app;

GRANT UPDATE(place) ON TABLE mutualaid.card TO fund_app;

GRANT UPDATE(state) ON TABLE mutualaid.card TO fund_app;

GRANT UPDATE(why) ON TABLE mutualaid.card TO fund_app;

GRANT UPDATE(moved_at) ON TABLE mutualaid.card TO fund_app;

GRANT UPDATE(moved_by) ON TABLE mutualaid.card TO fund_app;

GRANT SELECT,INSERT ON TABLE mutualaid.engagement TO fund_app;

GRANT UPDATE(state) ON TABLE mutualaid.engagement TO fund_app;

GRANT UPDATE(helper_agrees) ON TABLE mutualaid.engagement TO fund_app;

GRANT UPDATE(helped_agrees) ON TABLE mutualaid.engagement TO fund_app;

GRANT UPDATE(helper_minutes) ON TABLE mutualaid.engagement TO fund_app;

GRANT UPDATE(helped_minutes) ON TABLE mutualaid.engagement TO fund_app;

GRANT UPDATE(thanks) ON TABLE mutualaid.engagement TO fund_app;

GRANT SELECT ON TABLE mutualaid.hour_entry TO fund_app;

GRANT SELECT ON TABLE mutualaid.hour_posting TO fund_app;

GRANT SELECT ON TABLE mutualaid.hour TO fund_app;

GRANT SELECT ON TABLE mutualaid.hour_book TO fund_app;

GRANT SELECT,INSERT ON TABLE mutualaid.person TO fund_app;

GRANT UPDATE(name) ON TABLE mutualaid.person TO fund_app;

GRANT UPDATE(phone) ON TABLE mutualaid.person TO fund_app;

GRANT UPDATE(token) ON TABLE mutualaid.person TO fund_app;

GRANT UPDATE(invited_by) ON TABLE mutualaid.person TO fund_app;

GRANT UPDATE(invited_at) ON TABLE mutualaid.person TO fund_app;

GRANT UPDATE(erased_at) ON TABLE mutualaid.person TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE mutualaid.register TO fund_app;

GRANT SELECT,INSERT ON TABLE mutualaid.step TO fund_app;

GRANT UPDATE(note) ON TABLE mutualaid.step TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.activity TO fund_app;

GRANT UPDATE(withdrawn_by) ON TABLE organisation.activity TO fund_app;

GRANT UPDATE(withdrawn_at) ON TABLE organisation.activity TO fund_app;

GRANT UPDATE(withdrawn_why) ON TABLE organisation.activity TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.agreement TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE organisation.contact TO fund_app;

GRANT UPDATE(name) ON TABLE organisation.contact TO fund_app;

GRANT UPDATE(phone) ON TABLE organisation.contact TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.invoice TO fund_app;

GRANT UPDATE(billed_to) ON TABLE organisation.invoice TO fund_app;

GRANT UPDATE(void_at) ON TABLE organisation.invoice TO fund_app;

GRANT UPDATE(void_by) ON TABLE organisation.invoice TO fund_app;

GRANT UPDATE(void_why) ON TABLE organisation.invoice TO fund_app;

GRANT UPDATE(erased_at) ON TABLE organisation.invoice TO fund_app;

GRANT SELECT ON TABLE organisation.invoice_book TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.item TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.member_count TO fund_app;

GRANT UPDATE(members) ON TABLE organisation.member_count TO fund_app;

GRANT UPDATE(entered_by) ON TABLE organisation.member_count TO fund_app;

GRANT UPDATE(entered_at) ON TABLE organisation.member_count TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(slug) ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(name_zh) ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(name_en) ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(theme) ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(about_zh) ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(about_en) ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(meets_zh) ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(meets_en) ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(founded_on) ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(ended_on) ON TABLE organisation.organisation TO fund_app;

GRANT UPDATE(fund_id) ON TABLE organisation.organisation TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.payment TO fund_app;

GRANT UPDATE(undone_at) ON TABLE organisation.payment TO fund_app;

GRANT UPDATE(undone_by) ON TABLE organisation.payment TO fund_app;

GRANT UPDATE(undone_why) ON TABLE organisation.payment TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.release TO fund_app;

GRANT UPDATE(undone_at) ON TABLE organisation.release TO fund_app;

GRANT UPDATE(undone_by) ON TABLE organisation.release TO fund_app;

GRANT UPDATE(undone_why) ON TABLE organisation.release TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.rule TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.session TO fund_app;

GRANT UPDATE(invoice_id) ON TABLE organisation.session TO fund_app;

GRANT UPDATE(release_id) ON TABLE organisation.session TO fund_app;

GRANT UPDATE(void_at) ON TABLE organisation.session TO fund_app;

GRANT UPDATE(void_by) ON TABLE organisation.session TO fund_app;

GRANT UPDATE(void_why) ON TABLE organisation.session TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.small_grant TO fund_app;

GRANT UPDATE(undone_at) ON TABLE organisation.small_grant TO fund_app;

GRANT UPDATE(undone_by) ON TABLE organisation.small_grant TO fund_app;

GRANT UPDATE(undone_why) ON TABLE organisation.small_grant TO fund_app;

GRANT SELECT,INSERT ON TABLE organisation.tier TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE outbox.message TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE payment.checkout TO fund_app;

GRANT SELECT,INSERT ON TABLE payment.reference TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE payment.sandbox_order TO fund_app;

GRANT SELECT,INSERT ON TABLE payment.sandbox_refund TO fund_app;

GRANT SELECT,INSERT ON TABLE pledge.gift TO fund_app;

GRANT SELECT,INSERT ON TABLE pledge.plan TO fund_app;

GRANT UPDATE(amount) ON TABLE pledge.plan TO fund_app;

GRANT UPDATE(day) ON TABLE pledge.plan TO fund_app;

GRANT UPDATE(paused_until) ON TABLE pledge.plan TO fund_app;

GRANT UPDATE(stopped_as) ON TABLE pledge.plan TO fund_app;

GRANT UPDATE(stopped_by) ON TABLE pledge.plan TO fund_app;

GRANT UPDATE(stopped_at) ON TABLE pledge.plan TO fund_app;

GRANT SELECT,INSERT ON TABLE pledge.pledge TO fund_app;

GRANT UPDATE(ended_as) ON TABLE pledge.pledge TO fund_app;

GRANT UPDATE(ended_by) ON TABLE pledge.pledge TO fund_app;

GRANT UPDATE(ended_at) ON TABLE pledge.pledge TO fund_app;

GRANT SELECT,INSERT ON TABLE pledge.reminder TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE project.budget_line TO fund_app;

GRANT UPDATE(name_en) ON TABLE project.budget_line TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE project.contact TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE project.milestone TO fund_app;

GRANT UPDATE(title_zh) ON TABLE project.milestone TO fund_app;

GRANT UPDATE(title_en) ON TABLE project.milestone TO fund_app;

GRANT UPDATE(due_on) ON TABLE project.milestone TO fund_app;

GRANT UPDATE(done_on) ON TABLE project.milestone TO fund_app;

GRANT UPDATE(done_by) ON TABLE project.milestone TO fund_app;

GRANT UPDATE(note) ON TABLE project.milestone TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE project.milestone_entry TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE project.milestone_picture TO fund_app;

GRANT SELECT,INSERT ON TABLE project.outcome TO fund_app;

GRANT UPDATE(struck_why) ON TABLE project.outcome TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE project.proposal TO fund_app;

GRANT UPDATE(token) ON TABLE project.proposal TO fund_app;

GRANT SELECT,INSERT ON TABLE project.report TO fund_app;

GRANT UPDATE(done_zh) ON TABLE project.report TO fund_app;

GRANT UPDATE(done_en) ON TABLE project.report TO fund_app;

GRANT UPDATE(learned_zh) ON TABLE project.report TO fund_app;

GRANT UPDATE(learned_en) ON TABLE project.report TO fund_app;

GRANT UPDATE(written_by) ON TABLE project.report TO fund_app;

GRANT UPDATE(written_at) ON TABLE project.report TO fund_app;

GRANT UPDATE(as_of) ON TABLE project.report TO fund_app;

GRANT UPDATE(body) ON TABLE project.report TO fund_app;

GRANT UPDATE(hash) ON TABLE project.report TO fund_app;

GRANT UPDATE(adopted_by) ON TABLE project.report TO fund_app;

GRANT UPDATE(adopted_at) ON TABLE project.report TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE project.spent_on TO fund_app;

GRANT SELECT,INSERT ON TABLE project.step TO fund_app;

GRANT UPDATE(why) ON TABLE project.step TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE project.story TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE publication.schedule TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE publication.subscriber TO fund_app;

GRANT SELECT ON TABLE receipt.counter TO fund_app;

GRANT SELECT ON TABLE receipt.receipt TO fund_app;

GRANT SELECT,INSERT ON TABLE receipt.void TO fund_app;

GRANT SELECT,INSERT ON TABLE reconcile.match TO fund_app;

GRANT UPDATE(undone_by) ON TABLE reconcile.match TO fund_app;

GRANT UPDATE(undone_at) ON TABLE reconcile.match TO fund_app;

GRANT SELECT,INSERT ON TABLE reconcile.match_line TO fund_app;

GRANT UPDATE(live) ON TABLE reconcile.match_line TO fund_app;

GRANT SELECT,INSERT ON TABLE reconcile.match_posting TO fund_app;

GRANT UPDATE(live) ON TABLE reconcile.match_posting TO fund_app;

GRANT SELECT,INSERT ON TABLE reconcile.reconciliation TO fund_app;

GRANT UPDATE(undone_by) ON TABLE reconcile.reconciliation TO fund_app;

GRANT UPDATE(undone_at) ON TABLE reconcile.reconciliation TO fund_app;

GRANT UPDATE(undone_why) ON TABLE reconcile.reconciliation TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE reconcile.rule TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE reconcile.transit TO fund_app;

GRANT SELECT ON TABLE report.cash_month TO fund_app;

GRANT SELECT ON TABLE report.cash_through TO fund_app;

GRANT SELECT ON TABLE round.ballot TO fund_app;

GRANT SELECT,INSERT ON TABLE round.batch TO fund_app;

GRANT UPDATE(void_by) ON TABLE round.batch TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE round.code TO fund_app;

GRANT SELECT,INSERT ON TABLE round.idea TO fund_app;

GRANT UPDATE(title) ON TABLE round.idea TO fund_app;

GRANT UPDATE(what) ON TABLE round.idea TO fund_app;

GRANT UPDATE(place) ON TABLE round.idea TO fund_app;

GRANT UPDATE(cost) ON TABLE round.idea TO fund_app;

GRANT UPDATE(category) ON TABLE round.idea TO fund_app;

GRANT UPDATE(state) ON TABLE round.idea TO fund_app;

GRANT UPDATE(why) ON TABLE round.idea TO fund_app;

GRANT UPDATE(moved_at) ON TABLE round.idea TO fund_app;

GRANT UPDATE(moved_by) ON TABLE round.idea TO fund_app;

GRANT UPDATE(project_id) ON TABLE round.idea TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE round.proposer TO fund_app;

GRANT SELECT ON TABLE round.result TO fund_app;

GRANT SELECT,INSERT ON TABLE round.round TO fund_app;

GRANT UPDATE(title_zh) ON TABLE round.round TO fund_app;

GRANT UPDATE(title_en) ON TABLE round.round TO fund_app;

GRANT UPDATE(text_zh) ON TABLE round.round TO fund_app;

GRANT UPDATE(text_en) ON TABLE round.round TO fund_app;

GRANT UPDATE(pot) ON TABLE round.round TO fund_app;

GRANT UPDATE(method) ON TABLE round.round TO fund_app;

GRANT UPDATE(choices_max) ON TABLE round.round TO fund_app;

GRANT UPDATE(propose_from) ON TABLE round.round TO fund_app;

GRANT UPDATE(propose_until) ON TABLE round.round TO fund_app;

GRANT UPDATE(vote_from) ON TABLE round.round TO fund_app;

GRANT UPDATE(vote_until) ON TABLE round.round TO fund_app;

GRANT UPDATE(support_min) ON TABLE round.round TO fund_app;

GRANT SELECT(community_id) ON TABLE round.staged TO fund_app;

GRANT SELECT(round_id) ON TABLE round.staged TO fund_app;

GRANT SELECT ON TABLE round.tally TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.auction TO fund_app;

GRANT UPDATE(sign_off) ON TABLE sale.auction TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.bid TO fund_app;

GRANT UPDATE(struck_at) ON TABLE sale.bid TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.bidder TO fund_app;

GRANT UPDATE(token) ON TABLE sale.bidder TO fund_app;

GRANT UPDATE(name) ON TABLE sale.bidder TO fund_app;

GRANT UPDATE(phone) ON TABLE sale.bidder TO fund_app;

GRANT UPDATE(signed_off) ON TABLE sale.bidder TO fund_app;

GRANT UPDATE(erased_at) ON TABLE sale.bidder TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.cost TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.count TO fund_app;

GRANT UPDATE(lead) ON TABLE sale.count TO fund_app;

GRANT UPDATE(pieces) ON TABLE sale.count TO fund_app;

GRANT UPDATE(total) ON TABLE sale.count TO fund_app;

GRANT UPDATE(tries) ON TABLE sale.count TO fund_app;

GRANT UPDATE(counted_at) ON TABLE sale.count TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.item TO fund_app;

GRANT UPDATE(code) ON TABLE sale.item TO fund_app;

GRANT UPDATE(barcode) ON TABLE sale.item TO fund_app;

GRANT UPDATE(name_zh) ON TABLE sale.item TO fund_app;

GRANT UPDATE(name_en) ON TABLE sale.item TO fund_app;

GRANT UPDATE(section) ON TABLE sale.item TO fund_app;

GRANT UPDATE(kind) ON TABLE sale.item TO fund_app;

GRANT UPDATE(price) ON TABLE sale.item TO fund_app;

GRANT UPDATE(stock) ON TABLE sale.item TO fund_app;

GRANT UPDATE(sold) ON TABLE sale.item TO fund_app;

GRANT UPDATE(account_id) ON TABLE sale.item TO fund_app;

GRANT UPDATE(picture_id) ON TABLE sale.item TO fund_app;

GRANT UPDATE(donor_id) ON TABLE sale.item TO fund_app;

GRANT UPDATE(in_kind_id) ON TABLE sale.item TO fund_app;

GRANT UPDATE(archived_at) ON TABLE sale.item TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.line TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.lot TO fund_app;

GRANT UPDATE(start_price) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(step) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(reserve) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(fair_value) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(giver) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(closes_at) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(state) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(bids) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(won_by) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(award_id) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(hammered_by) ON TABLE sale.lot TO fund_app;

GRANT UPDATE(hammered_at) ON TABLE sale.lot TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.payment TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.place TO fund_app;

GRANT UPDATE(slug) ON TABLE sale.place TO fund_app;

GRANT UPDATE(state) ON TABLE sale.place TO fund_app;

GRANT UPDATE(name_zh) ON TABLE sale.place TO fund_app;

GRANT UPDATE(name_en) ON TABLE sale.place TO fund_app;

GRANT UPDATE(where_zh) ON TABLE sale.place TO fund_app;

GRANT UPDATE(where_en) ON TABLE sale.place TO fund_app;

GRANT UPDATE(note_zh) ON TABLE sale.place TO fund_app;

GRANT UPDATE(note_en) ON TABLE sale.place TO fund_app;

GRANT UPDATE(starts_on) ON TABLE sale.place TO fund_app;

GRANT UPDATE(ends_on) ON TABLE sale.place TO fund_app;

GRANT UPDATE(basis) ON TABLE sale.place TO fund_app;

GRANT UPDATE(fund_id) ON TABLE sale.place TO fund_app;

GRANT UPDATE(campaign_id) ON TABLE sale.place TO fund_app;

GRANT UPDATE(closed_at) ON TABLE sale.place TO fund_app;

GRANT UPDATE(income_account) ON TABLE sale.place TO fund_app;

GRANT UPDATE(cost_account) ON TABLE sale.place TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.refund TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.refund_line TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.refund_payment TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.reservation TO fund_app;

GRANT UPDATE(name) ON TABLE sale.reservation TO fund_app;

GRANT UPDATE(phone) ON TABLE sale.reservation TO fund_app;

GRANT UPDATE(cancelled_at) ON TABLE sale.reservation TO fund_app;

GRANT UPDATE(erased_at) ON TABLE sale.reservation TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.sale TO fund_app;

GRANT UPDATE(refunded) ON TABLE sale.sale TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE sale.seat TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.seat_plan TO fund_app;

GRANT UPDATE(shape) ON TABLE sale.seat_plan TO fund_app;

GRANT UPDATE(blocks) ON TABLE sale.seat_plan TO fund_app;

GRANT UPDATE(places) ON TABLE sale.seat_plan TO fund_app;

GRANT UPDATE(held_on) ON TABLE sale.seat_plan TO fund_app;

GRANT UPDATE(starts) ON TABLE sale.seat_plan TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.session TO fund_app;

GRANT UPDATE(closed_by) ON TABLE sale.session TO fund_app;

GRANT UPDATE(closed_at) ON TABLE sale.session TO fund_app;

GRANT UPDATE(expected) ON TABLE sale.session TO fund_app;

GRANT UPDATE(counted) ON TABLE sale.session TO fund_app;

GRANT UPDATE(reason) ON TABLE sale.session TO fund_app;

GRANT UPDATE(difference_seq) ON TABLE sale.session TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.setting TO fund_app;

GRANT UPDATE(refund_max) ON TABLE sale.setting TO fund_app;

GRANT UPDATE(paper) ON TABLE sale.setting TO fund_app;

GRANT UPDATE(wechat_code) ON TABLE sale.setting TO fund_app;

GRANT UPDATE(alipay_code) ON TABLE sale.setting TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.shift TO fund_app;

GRANT UPDATE(state) ON TABLE sale.shift TO fund_app;

GRANT UPDATE(hours_number) ON TABLE sale.shift TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.surplus TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.takings TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.ticket TO fund_app;

GRANT UPDATE(block) ON TABLE sale.ticket TO fund_app;

GRANT UPDATE(place) ON TABLE sale.ticket TO fund_app;

GRANT UPDATE(sale_id) ON TABLE sale.ticket TO fund_app;

GRANT UPDATE(line) ON TABLE sale.ticket TO fund_app;

GRANT UPDATE(voided_at) ON TABLE sale.ticket TO fund_app;

GRANT UPDATE(admitted_at) ON TABLE sale.ticket TO fund_app;

GRANT UPDATE(admitted_by) ON TABLE sale.ticket TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.ticket_counter TO fund_app;

GRANT UPDATE(last) ON TABLE sale.ticket_counter TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.till TO fund_app;

GRANT UPDATE(created_at) ON TABLE sale.till TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.void TO fund_app;

GRANT SELECT,INSERT ON TABLE sale.z_report TO fund_app;

GRANT SELECT,INSERT ON TABLE schedule.disposal TO fund_app;

GRANT SELECT,INSERT ON TABLE schedule.item TO fund_app;

GRANT UPDATE(name) ON TABLE schedule.item TO fund_app;

GRANT UPDATE(place) ON TABLE schedule.item TO fund_app;

GRANT UPDATE(holder) ON TABLE schedule.item TO fund_app;

GRANT SELECT,INSERT ON TABLE schedule.recurring TO fund_app;

GRANT UPDATE(last_month) ON TABLE schedule.recurring TO fund_app;

GRANT UPDATE(paused_at) ON TABLE schedule.recurring TO fund_app;

GRANT SELECT,INSERT ON TABLE schedule.recurring_line TO fund_app;

GRANT SELECT,INSERT ON TABLE schedule.turn TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE search.block TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE search.term TO fund_app;

GRANT SELECT,INSERT ON TABLE spending.batch TO fund_app;

GRANT SELECT,INSERT ON TABLE spending.decision TO fund_app;

GRANT SELECT,INSERT ON TABLE spending.paper TO fund_app;

GRANT SELECT,INSERT ON TABLE spending.payee TO fund_app;

GRANT UPDATE(name) ON TABLE spending.payee TO fund_app;

GRANT UPDATE(bank) ON TABLE spending.payee TO fund_app;

GRANT UPDATE(number) ON TABLE spending.payee TO fund_app;

GRANT UPDATE(erased_at) ON TABLE spending.payee TO fund_app;

GRANT SELECT,INSERT ON TABLE spending.request TO fund_app;

GRANT UPDATE(state) ON TABLE spending.request TO fund_app;

GRANT UPDATE(payments) ON TABLE spending.request TO fund_app;

GRANT UPDATE(entry_seq) ON TABLE spending.request TO fund_app;

GRANT UPDATE(batch) ON TABLE spending.request TO fund_app;

GRANT UPDATE(confirmed_by) ON TABLE spending.request TO fund_app;

GRANT UPDATE(confirmed_at) ON TABLE spending.request TO fund_app;

GRANT SELECT,INSERT ON TABLE spending.rule TO fund_app;

GRANT UPDATE(second_above) ON TABLE spending.rule TO fund_app;

GRANT UPDATE(last_number) ON TABLE spending.rule TO fund_app;

GRANT UPDATE(last_batch) ON TABLE spending.rule TO fund_app;

GRANT UPDATE(changed_by) ON TABLE spending.rule TO fund_app;

GRANT UPDATE(changed_at) ON TABLE spending.rule TO fund_app;

GRANT SELECT,INSERT ON TABLE spending.step TO fund_app;

GRANT SELECT,INSERT ON TABLE statement.line TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE statement.profile TO fund_app;

GRANT SELECT,INSERT ON TABLE statement.statement TO fund_app;

GRANT SELECT,INSERT ON TABLE transparency.checkpoint TO fund_app;

GRANT SELECT,INSERT ON TABLE transparency.cosignature TO fund_app;

GRANT SELECT,INSERT ON TABLE transparency.fork TO fund_app;

GRANT SELECT,INSERT ON TABLE transparency.hash TO fund_app;

GRANT SELECT ON TABLE transparency.leaf TO fund_app;

GRANT SELECT,INSERT ON TABLE transparency.paper_hash TO fund_app;

GRANT SELECT ON TABLE transparency.paper_leaf TO fund_app;

GRANT SELECT,INSERT ON TABLE transparency.watched TO fund_app;

GRANT UPDATE(title) ON TABLE transparency.watched TO fund_app;

GRANT UPDATE(ended_at) ON TABLE transparency.watched TO fund_app;

GRANT UPDATE(size) ON TABLE transparency.watched TO fund_app;

GRANT UPDATE(note) ON TABLE transparency.watched TO fund_app;

GRANT UPDATE(cosigned_at) ON TABLE transparency.watched TO fund_app;

GRANT SELECT,INSERT ON TABLE transparency.witness TO fund_app;

GRANT UPDATE(title) ON TABLE transparency.witness TO fund_app;

GRANT UPDATE(address) ON TABLE transparency.witness TO fund_app;

GRANT UPDATE(ended_at) ON TABLE transparency.witness TO fund_app;

GRANT UPDATE(asked_at) ON TABLE transparency.witness TO fund_app;

GRANT UPDATE(answer) ON TABLE transparency.witness TO fund_app;

GRANT UPDATE(size) ON TABLE transparency.witness TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE upload.file TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE voice.asker TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE voice.contact TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE voice.follow TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE voice.letter TO fund_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE voice.photo TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE voice.post TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE voice.proposal TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE voice.question TO fund_app;

GRANT SELECT,INSERT,UPDATE ON TABLE voice.setting TO fund_app;

GRANT SELECT,INSERT ON TABLE voice.step TO fund_app;

GRANT UPDATE(why) ON TABLE voice.step TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE webhook.delivery TO fund_app;

GRANT UPDATE(state) ON TABLE webhook.delivery TO fund_app;

GRANT UPDATE(tries) ON TABLE webhook.delivery TO fund_app;

GRANT UPDATE(status) ON TABLE webhook.delivery TO fund_app;

GRANT UPDATE(problem) ON TABLE webhook.delivery TO fund_app;

GRANT UPDATE(took_ms) ON TABLE webhook.delivery TO fund_app;

GRANT UPDATE(tried_at) ON TABLE webhook.delivery TO fund_app;

GRANT SELECT,INSERT,DELETE ON TABLE webhook.event TO fund_app;

GRANT SELECT,INSERT ON TABLE webhook.heard TO fund_app;

GRANT UPDATE(seq) ON TABLE webhook.heard TO fund_app;

GRANT UPDATE(checkpoint) ON TABLE webhook.heard TO fund_app;

GRANT SELECT,INSERT ON TABLE webhook.subscriber TO fund_app;

GRANT UPDATE(events) ON TABLE webhook.subscriber TO fund_app;

GRANT UPDATE(state) ON TABLE webhook.subscriber TO fund_app;

GRANT UPDATE(why) ON TABLE webhook.subscriber TO fund_app;

GRANT UPDATE(turn) ON TABLE webhook.subscriber TO fund_app;

GRANT UPDATE(turned_at) ON TABLE webhook.subscriber TO fund_app;

GRANT UPDATE(failures) ON TABLE webhook.subscriber TO fund_app;

GRANT UPDATE(rests_until) ON TABLE webhook.subscriber TO fund_app;

GRANT UPDATE(reached_at) ON TABLE webhook.subscriber TO fund_app;

GRANT SELECT,INSERT ON TABLE webhook.told TO fund_app;
