package sample

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/pledge"
	"fund/ledger"
	"fund/ledger/money"
)

// monthlyGivers give to small things every month. The first gift was so many days ago; after are the months after it that
// they gave for. Who left one out missed it, and that is all.
var monthlyGivers = []struct {
	name, mail, amount string
	ago                int
	after              []int
	ends               string // how it stands now, if it does not run
}{
	{"周婆婆", "zhou@example.org", "50", 100, []int{1, 2, 3}, ""},
	{"陈老师", "chen@example.org", "20", 82, []int{1, 2}, ""},
	{"何先生", "he@example.org", "30", 95, []int{2}, ""},
	{"罗阿姨", "luo@example.org", "66", 70, []int{1}, "paused"},
	{"王小梅", "wang@example.org", "100", 5, nil, ""},
	{"谢师傅", "xie@example.org", "20", 90, []int{1}, "stopped"},
}

// promised are pledges: to a campaign, made and due so many days from today; at the desk, or on the web page with a mail
// address. The one that was kept is given by an event.
var promised = []struct {
	campaign, name, mail, amount string
	made, due                    int
	kept                         bool
}{
	{"new-year-dinner", "社区茶坊", "", "2000", -6, 20, false},
	{"new-year-dinner", "李建国", "", "500", -18, -1, false},
	{"book-corner-chairs", "唐女士", "tang@example.org", "300", -4, 10, false},
	{"everyday", "曾先生", "zeng@example.org", "100", -60, -40, true},
	{"everyday", "刘大爷", "", "88", -90, -45, false},
}

// promises are the gifts that keep what people of the sample promised: 15 of ¥692, all to small things.
type promises struct {
	gifts []event
	first []event // of them, those with which plans begin: to be started before the others
	plans []planned
}

type planned struct {
	ends string
	gift uuid.UUID // the first
}

// promise writes down the pledges and who gives every month.
func (w *world) promise(ctx context.Context, tx *sqlx.Tx) error {
	d := newDice("promises")
	for _, s := range promised {
		at := on(w.today.AddDate(0, 0, s.made), 10*60)
		by := "treasurer"
		if s.mail != "" {
			by = ""
		}
		p, err := pledge.Make(ctx, tx, w.c, pledge.Promise{
			ID: d.id(at), Campaign: s.campaign, Amount: money.MustParse(s.amount), DueOn: w.today.AddDate(0, 0, s.due),
			Name: s.name, Email: s.mail, Lang: "zh-CN", EnteredBy: by, At: at,
		})
		if err != nil {
			return err
		}
		if s.kept {
			w.keep(d, p.Gift(p.Amount, on(p.DueOn.AddDate(0, 0, -2), 11*60)))
		}
	}
	for _, s := range monthlyGivers {
		donor, err := campaigns.AddDonor(ctx, tx, w.c.ID, s.name, s.mail, "zh-CN")
		if err != nil {
			return err
		}
		day := w.today.AddDate(0, 0, -s.ago)
		first := campaigns.Start{Campaign: "everyday", Amount: money.MustParse(s.amount), Donor: donor.ID, At: on(day, 19*60)}
		first.With = pledge.Monthly(w.c, first.At)
		id := w.keep(d, first)
		w.promises.first = append(w.promises.first, w.promises.gifts[len(w.promises.gifts)-1])
		w.promises.plans = append(w.promises.plans, planned{s.ends, id})
		for _, n := range s.after {
			month := ledger.Day(day.Year(), day.Month()+time.Month(n), 1)
			next := first
			next.At = on(pledge.DueIn(month, day.Day()), 12*60)
			next.With = func(ctx context.Context, tx *sqlx.Tx, g campaigns.Donation) error {
				p, err := w.planOf(ctx, tx, id)
				if err != nil {
					return err
				}
				return p.Gift(campaigns.Campaign{Slug: "everyday"}, month, next.At).With(ctx, tx, g)
			}
			w.keep(d, next)
		}
	}
	return nil
}

// keep makes an event of a gift that keeps a promise.
func (w *world) keep(d dice, g campaigns.Start) uuid.UUID {
	g.ID, g.Method, g.Lang = d.id(g.At), "sandbox", "zh-CN"
	w.promises.gifts = append(w.promises.gifts, event{at: g.At, rank: rankGift, gift: &g})
	return g.ID
}

func (w *world) planOf(ctx context.Context, tx *sqlx.Tx, first uuid.UUID) (p pledge.Plan, err error) {
	id, err := pledge.Keeps(ctx, tx, w.c.ID, first)
	if err != nil {
		return p, err
	}
	return pledge.PlanAt(ctx, tx, w.c.ID, id)
}

// change lets the plans that do not run any more pause and stop.
func (w *world) change(ctx context.Context, tx *sqlx.Tx) error {
	for _, each := range w.promises.plans {
		p, err := w.planOf(ctx, tx, each.gift)
		if err == nil && each.ends == "paused" {
			err = pledge.Pause(ctx, tx, p, w.today.AddDate(0, 2, 0), w.today)
		}
		if err == nil && each.ends == "stopped" {
			err = pledge.Stop(ctx, tx, p, "", on(w.today, 8*60))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
