package sample

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/giver"
	"fund/ledger/money"
)

// GiverMail is the address with which one giver of the sample gave for years:
// the demo opens their page.
const GiverMail = "zhou@demo.fund.local"

// giverGifts are the campaigns that they gave to, once each, and what they said.
var giverGifts = []struct{ campaign, message string }{
	{"bath-at-home", ""},
	{"summer-soup", "天热，谢谢你们爬楼。"},
	{"school-bags", ""},
	{"solstice-dumplings", "皮擀薄一点。"},
	{"everyday-2017", ""},
	{"everyday", ""},
	{"courtyard-3-shelter", ""},
	{"new-year-dinner", "新年快乐，多放点醋。"},
}

// knowGiver puts that giver's name to one gift of each of those campaigns.
func knowGiver(events []event) {
	for _, to := range giverGifts {
		i := slices.IndexFunc(events, func(e event) bool {
			return e.gift != nil && e.gift.Campaign == to.campaign && e.gift.Method == "sandbox" && e.gift.Name == "" && e.gift.Email == "" &&
				!e.gift.Amount.Less(money.FromFen(50*yuan))
		})
		if i < 0 {
			continue // a sample with other gifts has another giver
		}
		g := events[i].gift
		g.Name, g.Email, g.ShowName, g.Message, g.ShowMessage = "周婆婆", GiverMail, true, to.message, to.message != ""
	}
}

// askBack lets the giver ask for their latest gift, which waits for the treasurer.
func (w *world) askBack(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	g, err := giver.ByMail(ctx, tx, w.c.ID, GiverMail)
	if err != nil {
		return err
	}
	gifts, _, _, err := giver.ListGifts(ctx, tx, w.c, g, giver.Page{Limit: len(giverGifts)})
	if err != nil {
		return err
	}
	for _, gift := range gifts {
		rule, err := giver.RuleOf(ctx, tx, w.c.ID, gift.CampaignID)
		if err != nil {
			return err
		}
		if v := giver.Judge(rule, w.c, gift, money.Zero, now); v.May() {
			return giver.AskRefund(ctx, tx, g, gift, v, uuid.NewSHA1(gift.ID, []byte("asked")), "多按了一次，想退一笔。", now)
		}
	}
	return nil
}
