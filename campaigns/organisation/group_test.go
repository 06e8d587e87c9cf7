package organisation_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"pgregory.net/rapid"

	"fund/campaigns/organisation"
	"fund/ledger"
	"fund/ledger/money"
)

func stateOf(err error) string {
	var refused *pq.Error
	if errors.As(err, &refused) {
		return string(refused.Code)
	}
	return ""
}

// setRule makes an activity worth 2 points and one more for each 10 people, up to 50; 10 points open 50 yuan.
func (h *house) setRule(t testing.TB) (r organisation.Rule) {
	t.Helper()
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) (err error) {
		r, err = organisation.SetRule(ctx, tx, h.ID, organisation.Rule{
			Since: day(2, 1), PerActivity: 2, PerPeople: 10, PeopleMax: 50, PeopleMin: 5, SetBy: "lead", SetAt: noon(1, 20),
			Tiers: []organisation.Tier{{Points: 10, Amount: money.MustParse("50")}, {Points: 30, Amount: money.MustParse("200")}},
		})
		return err
	})
	return r
}

func activity(of organisation.Organisation, at int, what string, people int) organisation.Activity {
	return organisation.Activity{OrganisationID: of.ID, HeldOn: day(3, at), WhatZH: what, People: people, EnteredBy: "lead", EnteredAt: noon(3, 28)}
}

func grant(of organisation.Organisation, points int) organisation.SmallGrant {
	return organisation.SmallGrant{
		ID: uuid.Must(uuid.NewV7()), OrganisationID: of.ID, Points: points, What: "买乐谱", FundID: ledger.GeneralFundID, GivenOn: day(4, 1), GivenBy: "treasurer", GivenAt: noon(4, 1),
	}
}

func TestActivitiesEarnPointsAndPointsOpenGrants(t *testing.T) {
	t.Parallel()
	h := open(t)
	rule := h.setRule(t)
	choir, care := h.group(t, "choir", "合唱队"), organisation.Organisation{ID: h.agreement(t, "0").OrganisationID}
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) error {
		before := activity(choir, 1, "年前练歌", 40)
		before.HeldOn = day(1, 31)
		points, err := organisation.RecordActivities(ctx, tx, h.ID, before, // no rule yet
			activity(choir, 2, "练歌", 32), activity(choir, 9, "汇报演出", 400), activity(choir, 16, "练歌", 4), activity(care, 16, "开放日", 60))
		if want := rule.Points(32) + rule.Points(400); points != want || want != 5+7 {
			t.Errorf("%d points, want %d", points, want)
		}
		return err
	})
	twice := h.try(t, func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := organisation.RecordActivities(ctx, tx, h.ID, activity(choir, 9, "汇报演出", 1))
		return err
	})
	if !errors.Is(twice, organisation.ErrTwice) {
		t.Errorf("the same activity again: %v", twice)
	}
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) (err error) {
		g := grant(choir, 10)
		for range 2 { // again changes nothing
			if g, err = organisation.GiveGrant(ctx, tx, h.Community, g, organisation.Cash); err != nil {
				return err
			}
		}
		if g.Amount.String() != "50.00" {
			t.Errorf("10 points give %s", g.Amount)
		}
		return nil
	})
	for name, c := range map[string]struct {
		verb func(ctx context.Context, tx *sqlx.Tx) error
		want error
	}{
		"points spent already": {func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := organisation.GiveGrant(ctx, tx, h.Community, grant(choir, 10), organisation.Cash)
			return err
		}, organisation.ErrPoints},
		"a grant that no rule has": {func(ctx context.Context, tx *sqlx.Tx) error {
			_, err := organisation.GiveGrant(ctx, tx, h.Community, grant(choir, 2), organisation.Cash)
			return err
		}, organisation.ErrNoRule},
		"an activity whose points are spent": {func(ctx context.Context, tx *sqlx.Tx) error {
			return organisation.WithdrawActivity(ctx, tx, h.ID, choir.ID, 3, "没有办", "lead", noon(4, 2))
		}, organisation.ErrPoints},
		"a rule of the day before": {func(ctx context.Context, tx *sqlx.Tx) error {
			rule.Since = day(1, 31)
			_, err := organisation.SetRule(ctx, tx, h.ID, rule)
			return err
		}, organisation.ErrRuleDay},
	} {
		if err := h.try(t, c.verb); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	rows, sums, err := organisation.List(t.Context(), h.App, h.ID, organisation.Filter{Kind: organisation.Group, Find: "合唱", From: day(1, 1), To: day(12, 31)})
	if err != nil || len(rows) != 1 || rows[0].Points != 2 || sums.Activities != 4 || sums.People != 476 {
		t.Errorf("%+v %+v %v", rows, sums, err)
	}
	all, err := organisation.ListGrants(t.Context(), h.App, h.ID, choir.ID)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	for name, sql := range map[string]string{
		"points beyond what was earned": `INSERT INTO organisation.small_grant (community_id, id, organisation_id, rule_n, points, amount, what, fund_id, given_on, given_by, given_at, entry_seq)
			SELECT 1, gen_random_uuid(), organisation_id, 1, 10, 50, 'x', 1, '2026-04-01', 'x', now(), 1 FROM organisation.small_grant`,
		"points written by hand": `UPDATE organisation.activity SET points = 0`,
	} {
		if _, err := h.Owner.ExecContext(t.Context(), sql); stateOf(err) != "FU082" {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) error {
		return organisation.UndoGrant(ctx, tx, h.Community, all[0].ID, "没有领", "treasurer", noon(4, 3))
	})
	if earned, spent, err := organisation.PointsOf(t.Context(), h.App, h.ID, choir.ID); err != nil || earned != 12 || spent != 0 {
		t.Errorf("earned %d, spent %d, %v", earned, spent, err)
	}
	h.sound(t)
}

// Eight treasurers at once give the one grant that the points are for: one is posted.
func TestPointsAreSpentOnceByManyAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.setRule(t)
	choir := h.group(t, "choir", "合唱队")
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) error {
		_, err := organisation.RecordActivities(ctx, tx, h.ID, activity(choir, 2, "演出", 50), activity(choir, 3, "演出", 50))
		return err
	})
	var given sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		given.Go(func() {
			errs[i] = h.try(t, func(ctx context.Context, tx *sqlx.Tx) error {
				_, err := organisation.GiveGrant(ctx, tx, h.Community, grant(choir, 10), organisation.Cash)
				return err
			})
		})
	}
	given.Wait()
	posted := 0
	for _, err := range errs {
		if err == nil {
			posted++
		} else if !errors.Is(err, organisation.ErrPoints) {
			t.Error(err)
		}
	}
	if fund, err := ledger.FundAt(t.Context(), h.App, h.ID, ledger.GeneralFundID); posted != 1 || err != nil || fund.NetAssets.String() != "950.00" {
		t.Errorf("%d grants, the fund has %s, %v", posted, fund.NetAssets, err)
	}
	h.sound(t)
}

// Whatever is done, granted, undone and withdrawn, no point is spent twice.
func TestPointsAreSpentOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.setRule(t)
	choir := h.group(t, "choir", "合唱队")
	rapid.Check(t, func(r *rapid.T) {
		if err := h.try(t, func(ctx context.Context, tx *sqlx.Tx) error {
			return errors.Join(h.earnAtRandom(ctx, tx, r, choir), errRolledBack)
		}); !errors.Is(err, errRolledBack) {
			r.Fatal(err)
		}
	})
}

func (h *house) earnAtRandom(ctx context.Context, tx *sqlx.Tx, r *rapid.T, choir organisation.Organisation) error {
	n := 0
	attempt := func(verb func() error) error { // a refusal spoils a transaction; a savepoint keeps it
		if _, err := tx.ExecContext(ctx, `SAVEPOINT attempt`); err != nil {
			return err
		}
		err := verb()
		if errors.Is(err, organisation.ErrPoints) || errors.Is(err, organisation.ErrState) {
			_, err = tx.ExecContext(ctx, `ROLLBACK TO attempt`)
		}
		return err
	}
	for range rapid.IntRange(1, 14).Draw(r, "steps") {
		var err error
		switch rapid.IntRange(0, 3).Draw(r, "step") {
		case 0:
			n++
			_, err = organisation.RecordActivities(ctx, tx, h.ID, activity(choir, 1+n%28, fmt.Sprint("活动", n), rapid.IntRange(0, 80).Draw(r, "people")))
		case 1:
			err = attempt(func() error {
				_, err := organisation.GiveGrant(ctx, tx, h.Community, grant(choir, rapid.SampledFrom([]int{10, 30}).Draw(r, "points")), organisation.Cash)
				return err
			})
		case 2:
			all, listed := organisation.ListGrants(ctx, tx, h.ID, choir.ID)
			if err = listed; len(all) > 0 {
				id := all[rapid.IntRange(0, len(all)-1).Draw(r, "grant")].ID
				err = attempt(func() error {
					return organisation.UndoGrant(ctx, tx, h.Community, id, "没有领", "treasurer", noon(4, 2))
				})
			}
		case 3:
			if n > 0 {
				which := rapid.IntRange(1, n).Draw(r, "activity")
				err = attempt(func() error {
					return organisation.WithdrawActivity(ctx, tx, h.ID, choir.ID, which, "没有办", "lead", noon(4, 2))
				})
			}
		}
		if err != nil {
			return err
		}
		if earned, spent, err := organisation.PointsOf(ctx, tx, h.ID, choir.ID); err != nil || spent > earned {
			r.Fatalf("earned %d, spent %d, %v", earned, spent, err)
		}
	}
	found, err := organisation.Check(ctx, tx, h.ID)
	if err != nil || len(found) > 0 {
		r.Fatal(found, err)
	}
	return nil
}

func TestContactsAndMembers(t *testing.T) {
	t.Parallel()
	h := open(t)
	choir := h.group(t, "choir", "合唱队")
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) error {
		for _, m := range []organisation.MemberCount{
			{CountedOn: day(1, 5), Members: 20, EnteredBy: "lead", EnteredAt: noon(1, 5)},
			{CountedOn: day(6, 5), Members: 34, EnteredBy: "lead", EnteredAt: noon(6, 5)},
			{CountedOn: day(6, 5), Members: 35, EnteredBy: "lead", EnteredAt: noon(6, 6)},
		} {
			if err := organisation.CountMembers(ctx, tx, h.ID, choir.ID, m); err != nil {
				return err
			}
		}
		return organisation.SetContact(ctx, tx, h.ID, choir.ID, organisation.Contact{Name: "唐女士", Phone: "13800000000"})
	})
	for month, want := range map[int]int{1: 0, 2: 20, 7: 35} {
		_, sums, err := organisation.List(t.Context(), h.App, h.ID, organisation.Filter{From: ledger.Day(2026, 1, 1), To: ledger.Day(2026, 1, 1).AddDate(0, month-1, 0)})
		if err != nil || sums.Members != want {
			t.Errorf("in month %d: %d members, %v, want %d", month, sums.Members, err, want)
		}
	}
	h.write(t, func(ctx context.Context, tx *sqlx.Tx) error {
		return organisation.EraseContact(ctx, tx, h.ID, choir.ID)
	})
	var left int
	if err := h.Owner.Get(&left, `SELECT count(*) FROM organisation.contact`); err != nil || left != 0 {
		t.Errorf("%d contacts are left of one erased, %v", left, err)
	}
	if k, err := organisation.ContactOf(t.Context(), h.App, h.ID, choir.ID); k != nil || err != nil {
		t.Errorf("%v, %v", k, err)
	}
}
