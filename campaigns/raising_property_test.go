package campaigns_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/migrations/pgtest"
)

// sum is what a community's gifts and pools ought to be, kept by plain arithmetic.
type sum struct {
	raised map[string]money.Amount // by campaign, with what pools added
	lines  map[int]money.Amount    // of the dinner
	goods  map[string]money.Amount // in the campaigns' funds
	rests  money.Amount            // of pools, gone to the general fund
	left   map[uuid.UUID]money.Amount
	given  map[uuid.UUID]campaigns.Donation
	slug   map[uuid.UUID]string
	pools  []*pot
	result campaigns.Result // of the roof
	goal   money.Amount
}

// pot is a pool as the model keeps it.
type pot struct {
	campaigns.MatchingPool
	slug   string // of its campaign; empty for all
	open   bool
	match  map[uuid.UUID]money.Amount // as made
	back   map[uuid.UUID]money.Amount // of it, taken back
	person map[string]money.Amount    // of one giver
	giver  map[uuid.UUID]string
}

// meet is what an open pool adds to one gift, in order.
func (p *pot) meet(d campaigns.Donation, slug, giver string) money.Amount {
	if !p.open || p.slug != "" && p.slug != slug || p.EndsOn.Before(ledger.Day(2026, 5, 20)) {
		return money.Amount{}
	}
	adds := money.Min(money.FromFen(d.Amount.Fen()*int64(p.Rate)/100), p.Rest())
	if p.DonorMax.Sign() > 0 {
		adds = money.Min(adds, p.DonorMax.Sub(p.person[giver]))
	}
	if adds.Sign() > 0 {
		p.Matched, p.person[giver] = p.Matched.Add(adds), p.person[giver].Add(adds)
		p.match[d.ID], p.giver[d.ID] = adds, giver
	}
	return adds
}

// pay books a gift in the model.
func (m *sum) pay(d campaigns.Donation, slug, giver string) {
	m.given[d.ID], m.slug[d.ID], m.left[d.ID] = d, slug, d.Amount
	if slug == "roof" && m.result == campaigns.GoalUnmet {
		m.left[d.ID] = money.Amount{}
		return
	}
	m.raised[slug] = m.raised[slug].Add(d.Amount)
	if d.Line != nil {
		m.lines[*d.Line] = m.lines[*d.Line].Add(d.Amount)
	}
	for _, p := range m.pools {
		m.raised[slug] = m.raised[slug].Add(p.meet(d, slug, giver))
	}
}

// refund gives a part of a gift back in the model, and its matches with it.
func (m *sum) refund(id uuid.UUID, a money.Amount) {
	d, slug := m.given[id], m.slug[id]
	m.left[id], m.raised[slug] = m.left[id].Sub(a), m.raised[slug].Sub(a)
	if d.Line != nil {
		m.lines[*d.Line] = m.lines[*d.Line].Sub(a)
	}
	for _, p := range m.pools {
		if p.match[id].IsZero() {
			continue
		}
		stays := money.FromFen(p.match[id].Fen() * m.left[id].Fen() / d.Amount.Fen())
		back := p.match[id].Sub(p.back[id]).Sub(stays)
		p.back[id], p.Matched = p.back[id].Add(back), p.Matched.Sub(back)
		p.person[p.giver[id]] = p.person[p.giver[id]].Sub(back)
		m.raised[slug] = m.raised[slug].Sub(back)
	}
}

// Whatever is given, matched, refunded, missed or expires, in whatever order: the
// books balance, no pool adds more than its sponsor said, and each fund holds
// what the pages of its campaigns and pools say.
func TestWhateverIsMatched(t *testing.T) {
	t.Parallel()
	db, communities := pgtest.DB(t), 0
	rapid.Check(t, func(rt *rapid.T) {
		communities++
		o := furnish(t, db, fmt.Sprintf("m%d", communities))
		m := &sum{
			raised: map[string]money.Amount{}, lines: map[int]money.Amount{}, goods: map[string]money.Amount{}, left: map[uuid.UUID]money.Amount{},
			given: map[uuid.UUID]campaigns.Donation{}, slug: map[uuid.UUID]string{}, goal: money.FromFen(rapid.Int64Range(20000, 150000).Draw(rt, "goal")),
		}
		for _, slug := range []string{"lamps", "chess"} { // two campaigns for the general fund
			c := dinner()
			c.Slug, c.FundID = slug, ledger.GeneralFundID
			o.publish(t, c)
		}
		o.roof(t, m.goal.String())
		slugs := []string{"dinner", "lamps", "chess", "roof"}
		slug, amount := rapid.SampledFrom(slugs), rapid.Map(rapid.Int64Range(500, 30000), money.FromFen)
		now := morning
		type asked struct {
			campaigns.Donation
			slug, giver string
		}
		var pending []asked
		rt.Repeat(map[string]func(*rapid.T){
			"start": func(rt *rapid.T) {
				s := campaigns.Start{Campaign: slug.Draw(rt, "campaign"), Amount: amount.Draw(rt, "amount"), Email: rapid.SampledFrom([]string{"", "zhou@example.org", "li@example.org"}).Draw(rt, "mail")}
				if s.Campaign == "dinner" {
					s.Line = rapid.IntRange(0, 2).Draw(rt, "line")
				}
				d := o.start(t, s)
				giver := s.Email
				if giver == "" {
					giver = d.ID.String()
				}
				pending = append(pending, asked{d, s.Campaign, giver})
			},
			"pay": func(rt *rapid.T) {
				if len(pending) == 0 {
					rt.Skip("nothing to pay")
				}
				n := rapid.IntRange(1, len(pending)).Draw(rt, "how many")
				var payments []campaigns.Payment
				for _, d := range pending[:n] {
					payments = append(payments, paid(d.Donation))
					m.pay(d.Donation, d.slug, d.giver)
				}
				o.Do(t, func(tx *sqlx.Tx) error {
					outcomes, err := campaigns.ReceivePayments(ctx, tx, o.ID, append(payments, payments[0]))
					for _, out := range outcomes {
						err = errors.Join(err, out.Err)
					}
					return err
				})
				pending = pending[n:]
				if m.result == "" && !m.raised["roof"].Less(m.goal) {
					m.result = campaigns.GoalMet
				}
			},
			"lay money into a pool": func(rt *rapid.T) {
				if len(m.pools) == 4 {
					rt.Skip("there are pools enough")
				}
				p := campaigns.MatchingPool{
					Rate: rapid.SampledFrom([]int{33, 100, 200}).Draw(rt, "rate"), Laid: amount.Draw(rt, "laid"),
					StartsOn: ledger.Day(2026, 5, 1), EndsOn: ledger.Day(2026, 5, rapid.SampledFrom([]int{19, 20, 31}).Draw(rt, "ends")),
				}
				if rapid.Bool().Draw(rt, "a cap a person") {
					p.DonorMax = amount.Draw(rt, "cap")
				}
				if general := ledger.GeneralFundID; rapid.Bool().Draw(rt, "the rest is given") {
					p.RestFund = &general
				}
				of := ""
				if rapid.Bool().Draw(rt, "for one campaign") {
					of = slug.Draw(rt, "which")
					id := o.campaign(t, of).ID
					p.CampaignID = &id
				}
				p = get2(o.tryPool(p))(t)
				m.pools = append(m.pools, &pot{p, of, true, map[uuid.UUID]money.Amount{}, map[uuid.UUID]money.Amount{}, map[string]money.Amount{}, map[uuid.UUID]string{}})
			},
			"close a pool": func(rt *rapid.T) {
				if len(m.pools) == 0 {
					rt.Skip("no pool")
				}
				p := rapid.SampledFrom(m.pools).Draw(rt, "pool")
				err := o.Try(func(tx *sqlx.Tx) error {
					rest, err := campaigns.ClosePool(ctx, tx, o.Community, p.ID, "user:7", morning)
					if err == nil && !rest.Equal(p.Rest()) {
						rt.Errorf("pool %d had a rest of %v, want %v", p.ID, rest, p.Rest())
					}
					return err
				})
				if nothing := !p.open && p.Rest().IsZero(); nothing != errors.Is(err, campaigns.ErrState) || !nothing && err != nil {
					rt.Fatal(err)
				}
				if p.RestFund != nil {
					m.rests = m.rests.Add(p.Rest())
				}
				p.Settled, p.open = p.Settled.Add(p.Rest()), false
			},
			"refund": func(rt *rapid.T) {
				ids := make([]uuid.UUID, 0, len(m.given))
				for id := range m.given {
					ids = append(ids, id)
				}
				if len(ids) == 0 {
					rt.Skip("nothing to refund")
				}
				slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
				id := rapid.SampledFrom(ids).Draw(rt, "donation")
				a := m.left[id]
				if rapid.Bool().Draw(rt, "a part, or too much") {
					a = amount.Draw(rt, "refund")
				}
				_, err := o.tryRefund(id, uuid.New(), a)
				if fits := a.Sign() > 0 && !m.left[id].Less(a); fits != (err == nil) {
					rt.Fatalf("%v of %v: %v", a, m.left[id], err)
				} else if fits {
					m.refund(id, a)
				}
			},
			"goods": func(rt *rapid.T) {
				g := campaigns.InKind{
					ID: uuid.New(), WhatZH: "大米", Value: amount.Draw(rt, "value"), ValuedBy: "按超市标价", Used: rapid.Bool().Draw(rt, "used"),
					ReceivedOn: ledger.Day(2026, 5, 20), EnteredBy: "user:7", EnteredAt: morning,
				}
				of := slug.Draw(rt, "campaign")
				id := o.campaign(t, of).ID
				g.CampaignID = &id
				o.Do(t, func(tx *sqlx.Tx) error {
					_, err := campaigns.TakeInKind(ctx, tx, o.Community, g, "李建国")
					return err
				})
				if !g.Used {
					m.goods[of] = m.goods[of].Add(g.Value)
				}
				if rapid.Bool().Draw(rt, "entered wrongly") {
					o.Do(t, func(tx *sqlx.Tx) error {
						return campaigns.UndoInKind(ctx, tx, o.Community, g.ID, "写错了", "user:7", morning)
					})
					if !g.Used {
						m.goods[of] = m.goods[of].Sub(g.Value)
					}
				}
			},
			"the clock": func(rt *rapid.T) {
				if rapid.IntRange(0, 2).Draw(rt, "the year ends") == 0 {
					now = newYear
				}
				o.due(t, now)
				if m.result == "" && now == newYear {
					m.result = campaigns.GoalUnmet
					for id, of := range m.slug {
						if of == "roof" {
							m.refund(id, m.left[id])
						}
					}
				}
			},
			"": func(rt *rapid.T) { m.compare(t, rt, o, slugs) },
		})
		o.sound(t)
		if t.Failed() {
			rt.Fatal("the books are not sound")
		}
	})
}

// compare holds the pages and the books against the model.
func (m *sum) compare(t testing.TB, rt *rapid.T, o *office, slugs []string) {
	general := m.rests
	for _, slug := range slugs {
		c := get2(campaigns.FindCampaign(ctx, o.App, o.ID, slug))(t)
		want := m.raised[slug]
		if !c.Raised.Equal(want) {
			rt.Fatalf("%s shows %v, want %v", slug, c.Raised, want)
		}
		switch {
		case c.Shared():
			general = general.Add(want).Add(m.goods[slug])
			continue
		case slug == "roof" && m.result != campaigns.GoalMet:
			if held := o.held(t, c.FundID); !held.Equal(want) || c.Result != m.result {
				rt.Fatalf("the roof is %q and holds %v, want %q and %v", c.Result, held, m.result, want)
			}
			want = money.Amount{}
		}
		if owns := get2(ledger.FundAt(ctx, o.App, o.ID, c.FundID))(t).NetAssets; !owns.Equal(want.Add(m.goods[slug])) {
			rt.Fatalf("%s owns %v, want %v and goods of %v", slug, owns, want, m.goods[slug])
		}
		if slug == "dinner" {
			for _, b := range c.Budget {
				if !b.Raised.Equal(m.lines[b.Line]) {
					rt.Fatalf("line %d shows %v, want %v", b.Line, b.Raised, m.lines[b.Line])
				}
			}
		}
	}
	if owns := get2(ledger.FundAt(ctx, o.App, o.ID, ledger.GeneralFundID))(t).NetAssets; !owns.Equal(general) {
		rt.Fatalf("the general fund owns %v, want %v", owns, general)
	}
	for _, p := range m.pools {
		now := get2(campaigns.FindPool(ctx, o.App, o.ID, p.ID))(t)
		if !now.Matched.Equal(p.Matched) || !now.Rest().Equal(p.Rest()) || now.Rest().Sign() < 0 || !o.held(t, p.FundID).Equal(p.Rest()) {
			rt.Fatalf("pool %d matched %v and has %v, want %v and %v; its fund holds %v", p.ID, now.Matched, now.Rest(), p.Matched, p.Rest(), o.held(t, p.FundID))
		}
	}
}
