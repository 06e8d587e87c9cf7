package sample

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/spending"
	"fund/ledger"
	"fund/ledger/money"
)

// Who asks and who approves: they are called by their roles.
const asker, representative = "project_lead", "council_member"

// request is a payment request of the sample and how far it has come.
type request struct {
	fund, purpose, amount string
	method                spending.Method
	payee                 string
	daysAgo               int
	stage                 spending.State
}

var requests = []request{
	{"new-year-dinner", "保温箱 24 个", "2280.00", spending.ByTransfer, "锦城厨具店", 9, spending.Evidenced},
	{"lantern-evening", "竹篾、宣纸、颜料", "418.50", spending.ByCash, "老街文具铺", 6, spending.Paid},
	{"new-year-dinner", "餐具 130 套", "780.00", spending.ByTransfer, "锦城厨具店", 5, spending.Sent},
	{"general", "3 号院楼道灯 6 盏", "168.00", spending.ByCash, "大明五金店", 5, spending.Withdrawn},
	{"new-year-dinner", "印菜单和请帖", "260.00", spending.ByTransfer, "春熙图文社", 4, spending.Approved},
	{"lantern-evening", "LED 灯串 20 条", "356.00", spending.ByTransfer, "大明五金店", 3, spending.Approved},
	{"general", "活动室买一台投影仪", "3980.00", spending.ByTransfer, "蓉城数码", 3, spending.Declined},
	{"new-year-dinner", "大米和菜油定金", "2600.00", spending.ByTransfer, "青羊粮油店", 2, spending.Asked},
	{"lantern-evening", "汤圆粉和黑芝麻", "312.40", spending.ByCash, "刘社工垫付", 1, spending.Asked},
}

// spend asks for payments, and takes each as far as it has come.
func (w *world) spend(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	for i, q := range requests {
		r, err := w.askFor(ctx, tx, i, q, now)
		if err == nil {
			err = w.bring(ctx, tx, r, q, now)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *world) askFor(ctx context.Context, tx *sqlx.Tx, i int, q request, now time.Time) (r spending.PaymentRequest, err error) {
	at := now.AddDate(0, 0, -q.daysAgo)
	fund, err := ledger.FindFund(ctx, tx, w.c.ID, q.fund)
	if err != nil {
		return r, err
	}
	paper, err := campaigns.KeepOriginal(ctx, tx, w.c.ID, sketch("invoice"), "发票", asker)
	if err != nil {
		return r, err
	}
	r = spending.PaymentRequest{
		ID: newDice("payment" + q.purpose).id(at), FundID: fund.ID, AccountID: w.account(projectCost), Amount: money.MustParse(q.amount), Purpose: q.purpose,
		Method: q.method, AskedBy: asker, AskedAt: at, Payee: spending.Payee{Name: q.payee},
	}
	if q.method == spending.ByTransfer {
		r.Payee.Bank, r.Payee.Number = "示例银行成都分行", "6222000000000"+strconv.Itoa(100+i)
	}
	return spending.Ask(ctx, tx, w.c, r, paper.ID)
}

// bring takes a request from the asking to where it stands.
func (w *world) bring(ctx context.Context, tx *sqlx.Tx, r spending.PaymentRequest, q request, now time.Time) (err error) {
	at := now.AddDate(0, 0, -q.daysAgo).Add(3 * time.Hour)
	switch q.stage {
	case spending.Withdrawn:
		_, err = spending.Withdraw(ctx, tx, w.c, r.ID, "居民自己换好了", asker, at)
		return err
	case spending.Declined:
		_, err = spending.Decline(ctx, tx, w.c, r.ID, spending.Word{Reason: "街道活动室可以借，先不买"}, representative, at)
		return err
	}
	approvers := []string{representative, "treasurer"}[:r.Needed]
	if q.stage == spending.Asked {
		approvers = approvers[:r.Needed-1]
	}
	for _, who := range approvers {
		if r, err = spending.Approve(ctx, tx, w.c, r.ID, spending.Word{}, who, at); err != nil {
			return err
		}
	}
	switch paid := now.Add(-time.Minute); q.stage { // today: the book is in the order of its days
	case spending.Paid:
		_, err = spending.Pay(ctx, tx, w.c, r.ID, w.purpose(ledger.Cash), w.today, "treasurer", paid)
	case spending.Evidenced:
		if r, err = spending.Pay(ctx, tx, w.c, r.ID, w.purpose(ledger.Bank), w.today, "treasurer", paid); err == nil {
			err = campaigns.AddEvidence(ctx, tx, w.c.ID, *r.EntrySeq, sketch("receipt"), "发票，名字和电话已涂掉", "treasurer")
		}
	case spending.Sent:
		_, err = spending.MakeBatch(ctx, tx, w.c, []uuid.UUID{r.ID}, w.purpose(ledger.Bank), w.today, "treasurer", paid)
	}
	return err
}
