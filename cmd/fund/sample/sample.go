package sample

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/transparency"
)

// Slug is the sample community's name in addresses.
const Slug = "angong"

// Person is somebody who may log in to the sample, with the name of a role.
type Person struct{ Login, Name, Role string }

// People lists one person a role; the caller gives them passwords.
func People() []Person {
	return []Person{
		{"treasurer", "王会计", "treasurer"},
		{"cashier", "陈出纳", "cashier"},
		{"shift", "孙班长", "shift_lead"},
		{"auditor", "赵监督", "auditor"},
		{"lead", "刘社工", "project_lead"},
		{"council", "何代表", "council_member"},
		{"admin", "李主任", "administrator"},
	}
}

// ErrHalfLoaded is returned where an earlier load was interrupted: the database is to be thrown away.
var ErrHalfLoaded = errors.New("sample: an earlier load was interrupted")

// errEarlyClock refuses a clock in or before the sample's own years.
var errEarlyClock = errors.New("sample: the clock must be in 2020 or later")

// Load books the sample community into a database where it is not yet; already says that it was there. db is the
// application's role, baseURL where readers reach the site. Seconds pass: some 4,000 entries, each through its verb.
func Load(ctx context.Context, db *sqlx.DB, key transparency.Key, baseURL string, now time.Time) (already bool, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("sample.Load: %w", err)
		}
	}()
	c, err := ledger.FindCommunity(ctx, db, Slug)
	if err == nil {
		_, err = transparency.Latest(ctx, db, c.ID)
		if errors.Is(err, transparency.ErrNoneSealed) {
			err = ErrHalfLoaded
		}
		return true, err
	}
	if !errors.Is(err, ledger.ErrNotFound) {
		return false, err
	}
	if now.Year() < 2020 {
		return false, errEarlyClock
	}
	var w *world
	err = ledger.InTx(ctx, db, func(tx *sqlx.Tx) (err error) {
		if w, err = found(ctx, tx, now); err == nil {
			w.baseURL = baseURL
			err = w.promise(ctx, tx)
		}
		return err
	})
	if err != nil {
		return false, err
	}
	events := slices.Concat(w.year2017(), w.recent(now), w.disclosures(now), w.endings(now))
	knowGiver(events)
	awaited := w.awaited(now)
	for _, some := range [][]event{w.promises.first, events, awaited} { // again is no harm
		if err = w.start(ctx, db, some); err != nil {
			return false, err
		}
	}
	return false, ledger.InTx(ctx, db, func(tx *sqlx.Tx) error {
		if err := w.play(ctx, tx, append(events, w.misfit(awaited[len(awaited)-1]))); err != nil {
			return err
		}
		if err := w.change(ctx, tx); err != nil {
			return err
		}
		if err := w.askBack(ctx, tx, now); err != nil {
			return err
		}
		if err := w.speak(ctx, tx, now); err != nil {
			return err
		}
		if err := w.budgets(ctx, tx); err != nil {
			return err
		}
		if err := w.help(ctx, tx, now); err != nil {
			return err
		}
		if err := w.rounds(ctx, tx); err != nil {
			return err
		}
		if err := w.live(ctx, tx, now); err != nil {
			return err
		}
		if err := w.reconcile(ctx, tx); err != nil {
			return err
		}
		if err := w.keepTemplates(ctx, tx); err != nil {
			return err
		}
		if err := w.spend(ctx, tx, now); err != nil {
			return err
		}
		if err := w.close(ctx, tx, key, now); err != nil {
			return err
		}
		if err := w.issueReports(ctx, tx, now); err != nil {
			return err
		}
		return w.hooks(ctx, tx, now)
	})
}

// starters is how many gifts are started at once; each is a transaction of its own.
const starters = 8

// start writes the gifts down as pending, as their givers did.
func (w *world) start(ctx context.Context, db *sqlx.DB, events []event) error {
	gifts, errs := make(chan campaigns.Start), make([]error, starters)
	var workers sync.WaitGroup
	for i := range starters {
		workers.Go(func() {
			for g := range gifts {
				if errs[i] == nil {
					provider, order := payment.Provider(arrived{}), payment.Order{Payee: payment.SandboxPayee}
					if g.Method == "cash" {
						provider, order = payment.Cash{}, payment.Order{}
					}
					if g.Method == "transfer" {
						bank := payment.NewPretendTransfer()
						provider, order = bank, payment.Order{Payee: bank.Payee()}
					}
					_, _, errs[i] = campaigns.StartDonation(ctx, db, w.c, provider, g, order)
				}
			}
		})
	}
	for _, e := range events {
		if e.gift != nil {
			gifts <- *e.gift
		}
	}
	close(gifts)
	workers.Wait()
	return errors.Join(errs...)
}

// arrived stands for the sandbox while gifts of the past are entered: nobody is asked for a checkout any more.
type arrived struct{ payment.Provider }

func (arrived) Name() string { return "sandbox" }

func (arrived) Checkout(context.Context, payment.Order) (payment.Checkout, error) {
	return payment.Checkout{}, nil
}

// close ends last year's campaigns, closes the months of 2017 but December, and seals the books.
func (w *world) close(ctx context.Context, tx *sqlx.Tx, key transparency.Key, now time.Time) error {
	list, err := campaigns.ListCampaigns(ctx, tx, w.c.ID, campaigns.CampaignFilter{States: []campaigns.State{campaigns.Published}})
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.EndsOn.Before(w.today) {
			if err := campaigns.Close(ctx, tx, w.c.ID, c.ID, on(c.EndsOn, 24*60)); err != nil {
				return err
			}
		}
	}
	if err := w.closeMonths(ctx, tx); err != nil {
		return err
	}
	sealed, err := transparency.Seal(ctx, tx, w.c.ID, w.c.Slug, key, now)
	if err != nil {
		return err
	}
	return w.watch(ctx, tx, sealed, now)
}
