package sample

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"fund/campaigns"
	"fund/campaigns/box"
	"fund/campaigns/payment"
	"fund/ledger"
	"fund/ledger/money"
)

// awaited are gifts that were started and are not paid: a transfer on its way, cash promised for the desk, and one that was
// paid with a nought too many, which waits for the treasurer.
func (w *world) awaited(now time.Time) (events []event) {
	d := newDice("awaited")
	for _, g := range []struct {
		method, campaign, name, amount string
		ago                            int
	}{
		{"transfer", "new-year-dinner", "冯女士", "600", 2},
		{"cash", "book-corner-chairs", "龙爷爷", "150", 1},
		{"sandbox", "everyday", "贺先生", "50", 1},
	} {
		at := on(w.today.AddDate(0, 0, -g.ago), 10*60)
		if at.After(now) {
			at = now
		}
		events = append(events, event{at: at, rank: rankGift, gift: &campaigns.Start{
			ID: d.id(at), Campaign: g.campaign, Amount: money.MustParse(g.amount), Method: g.method, Name: g.name, Lang: "zh-CN", At: at,
		}})
	}
	return events
}

// misfit pays the last of the awaited with another amount.
func (w *world) misfit(of event) event {
	return event{at: of.at, rank: rankEvening, do: func(ctx context.Context, p *player) error {
		outcomes, err := campaigns.ReceivePayments(ctx, p.tx, p.c.ID, []campaigns.Payment{{
			Donation: of.gift.ID, Provider: "sandbox", Reference: fmt.Sprintf("P%X", of.gift.ID[6:]), Amount: money.MustParse("500"),
			Currency: p.c.Currency, Payee: payment.SandboxPayee, PaidAt: of.at,
		}})
		if err == nil && !errors.Is(outcomes[0].Err, campaigns.ErrQuarantined) {
			err = fmt.Errorf("a gift of ¥50 paid with ¥500: %w", outcomes[0].Err)
		}
		return err
	}}
}

// openedBox is what lay in the tea house's box last month: ¥376.80.
var openedBox = box.Pieces{0, 1, 4, 11, 10, 82, 7, 13}

// boxes are two collection boxes: one at the tea house, opened last month, banked, and standing again; one in the book corner.
func (w *world) boxes() []event {
	day := func(ago, minutes int) time.Time { return on(w.today.AddDate(0, 0, -ago), minutes) }
	var slip uuid.UUID
	place := func(at time.Time, number, zh, en, campaign, seal string) event {
		return event{at: at, rank: rankEvening, do: func(ctx context.Context, p *player) error {
			of, err := campaigns.FindCampaign(ctx, p.tx, p.c.ID, campaign)
			if err != nil {
				return err
			}
			_, err = box.Place(ctx, p.tx, p.c, box.Box{Number: number, PlaceZH: zh, PlaceEN: en, CampaignID: of.ID}, seal, "cashier", at)
			return err
		}}
	}
	step := func(at time.Time, do func(ctx context.Context, p *player) error) event {
		return event{at: at, rank: rankEvening, do: do}
	}
	opened, banked, arrived := day(33, 17*60), day(32, 10*60), day(30, 9*60)
	slip = newDice("deposit").id(banked)
	return []event{
		place(day(95, 9*60), "1", "公益茶坊柜台", "Tea house counter", "everyday", "AG-0017"),
		place(day(8, 9*60), "2", "书角门口", "Book corner, at the door", "book-corner-chairs", "AG-0021"),
		step(opened, func(ctx context.Context, p *player) error {
			err := box.Collect(ctx, p.tx, p.c.ID, 1, true, "", "cashier", opened)
			for _, counter := range []string{"cashier", "treasurer"} {
				if err == nil {
					_, err = box.Enter(ctx, p.tx, p.c, 1, box.Tally{Pieces: openedBox, Counter: counter, At: opened})
				}
			}
			if err != nil {
				return err
			}
			return box.Seal(ctx, p.tx, p.c.ID, 1, "AG-0019", "cashier", opened.Add(time.Hour))
		}),
		step(banked, func(ctx context.Context, p *player) error {
			_, err := box.Bank(ctx, p.tx, p.c, ledger.CashDeposit{
				ID: slip, Slip: "0087541", Amount: openedBox.Total(), DepositedOn: zone.Day(banked), EnteredBy: "cashier", EnteredAt: banked,
			})
			return err
		}),
		step(arrived, func(ctx context.Context, p *player) error {
			return ledger.CashArrived(ctx, p.tx, p.c, slip, "treasurer", arrived)
		}),
	}
}
