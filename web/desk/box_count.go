package desk

import (
	"io"
	"regexp"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/box"
	"fund/campaigns/receipt"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/page"
	"fund/web/pdf"
)

var boxNumber = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z-]{0,19}$`)

type countView struct {
	boxRow
	Form  *page.Form
	Rows  []page.PieceRow
	Total money.Amount
	First *countRow // of the second person: who counted before
	Along bool      // who counted along, and sees the first's figures
}

// CountBox is the sheet on which one person writes what lies on the table.
func (p *Pages) CountBox(c *fiber.Ctx) error {
	v, err := p.countView(c, page.BlankForm(c), c.Query("along") != "")
	if err != nil {
		return err
	}
	return page.Render(c, "desk/box_count", v)
}

func (p *Pages) countView(c *fiber.Ctx, f *page.Form, along bool) (v countView, err error) {
	b, err := p.boxAt(c)
	if err != nil {
		return v, err
	}
	if b.Round.State() != box.Collected {
		return v, box.ErrState
	}
	if v.boxRow, err = p.boxRow(c, b); err != nil {
		return v, err
	}
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	counted, err := box.Tallies(c.UserContext(), p.DB, page.Of(c).Community.ID, b.ID, b.Round.Round)
	if err != nil {
		return v, err
	}
	s, err := auth.Current(c)
	if err != nil {
		return v, err
	}
	if len(counted) > 0 && counted[0].Counter != auth.UserSubject(s.UserID) {
		v.First = &countRow{counted[0], name(counted[0].Counter)}
	}
	v.Form, v.Along = f, along && v.First != nil
	if v.Along {
		for i, n := range v.First.Pieces {
			f.Set(page.PieceName(i), strconv.Itoa(n))
		}
	}
	v.Rows, v.Total = f.PieceRows()
	return v, nil
}

// EnterCount takes one person's count. The second that agrees with the first
// opens the box.
func (p *Pages) EnterCount(c *fiber.Ctx) error {
	f := page.ReadForm(c)
	v, err := p.countView(c, f, f.Typed("along") != "")
	if err != nil {
		return err
	}
	t := box.Tally{Confirmed: v.Along, At: p.Now(), Pieces: f.Pieces()}
	if f.AnyWrong() || f.Typed("do") == "sum" {
		v.Rows, v.Total = f.PieceRows()
		if f.AnyWrong() {
			return page.Again(c, "desk/box_count", v)
		}
		return page.Render(c, "desk/box_count", v)
	}
	opened, err := p.enterCount(c, v.Box, t)
	if err != nil {
		return err
	}
	p.moved(c, v.CampaignID)
	switch {
	case opened:
		return page.Done(c, roundPath(v.ID, v.Round.Round), "box.opened", "number", v.Number)
	case v.First == nil:
		return page.Done(c, boxPath(v.ID), "box.counted_first")
	}
	return page.Done(c, boxPath(v.ID), "box.counted_differ")
}

func roundPath(id, round int) string { return boxPath(id) + "/rounds/" + strconv.Itoa(round) }

// enterCount runs the verb with its line in the audit log.
func (p *Pages) enterCount(c *fiber.Ctx, b box.Box, t box.Tally) (opened bool, err error) {
	community, err := p.community(c)
	if err != nil {
		return false, err
	}
	err = p.act(c, "box.count", "box:"+b.Number, nil, func(tx *sqlx.Tx, who string) error {
		t.Counter = who
		opened, err = box.Enter(c.UserContext(), tx, community, b.ID, t)
		return err
	})
	return opened, err
}

// recordView is the sheet of one opening.
type recordView struct {
	boxRow
	Of        box.Round
	Sealer    string
	Collector string
	Counts    []countRow
	Lines     []pdf.PieceLine
	Voucher   string
	Receipt   *receipt.Receipt
	Slip      *ledger.CashDeposit
}

// BoxRecord shows what was in a box when it was opened.
func (p *Pages) BoxRecord(c *fiber.Ctx) error {
	v, err := p.recordView(c)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/box_record", v)
}

func (p *Pages) recordView(c *fiber.Ctx) (v recordView, err error) {
	b, err := p.boxAt(c)
	if err != nil {
		return v, err
	}
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	nth, err := page.Number(c, "round")
	if err != nil {
		return v, err
	}
	if v.Of, err = box.FindRound(ctx, p.DB, here, b.ID, nth); err != nil {
		return v, err
	}
	if v.Of.State() != box.Opened {
		return v, page.ErrNotFound
	}
	if v.boxRow, err = p.boxRow(c, b); err != nil {
		return v, err
	}
	name, err := p.named(c)
	if err != nil {
		return v, err
	}
	counted, err := box.Tallies(ctx, p.DB, here, b.ID, nth)
	if err != nil {
		return v, err
	}
	v.Counts, v.Sealer, v.Collector = counts(counted, name), name(v.Of.SealedBy), name(v.Of.CollectedBy)
	for i, n := range counted[1].Pieces {
		v.Lines = append(v.Lines, pdf.PieceLine{Of: box.Denominations[i], Pieces: n, Sum: money.FromFen(box.Denominations[i].Fen() * int64(n))})
	}
	return v, p.recordBooked(c, &v)
}

// recordBooked finds what an opening left in the books and at the bank.
func (p *Pages) recordBooked(c *fiber.Ctx, v *recordView) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	if v.Of.DonationID != nil {
		issued, err := receipt.Of(ctx, p.DB, here, *v.Of.DonationID)
		if err != nil {
			return err
		}
		v.Receipt = &issued
	}
	if v.Of.EntrySeq != nil {
		entry, err := ledger.EntryAt(ctx, p.DB, here, *v.Of.EntrySeq)
		if err != nil {
			return err
		}
		v.Voucher = entry.Voucher()
	}
	if v.Of.DepositID == nil {
		return nil
	}
	d, err := ledger.CashDepositAt(ctx, p.DB, here, *v.Of.DepositID)
	v.Slip = &d
	return err
}

// BoxRecordPDF is the same on paper, with lines to sign.
func (p *Pages) BoxRecordPDF(c *fiber.Ctx) error {
	v, err := p.recordView(c)
	if err != nil {
		return err
	}
	r := page.Of(c)
	doc := pdf.BoxDoc{
		Lang: string(r.Lang), Community: r.Community.Name.In(r.Lang), Number: v.Number, Round: v.Of.Round, Place: v.Where, Campaign: v.Title, Seal: v.Of.Seal,
		SealedOn: r.Local(v.Of.SealedAt), CollectedOn: r.Local(*v.Of.CollectedAt), Collector: v.Collector, Intact: v.Of.Intact == nil || *v.Of.Intact, Remark: v.Of.Remark,
		OpenedOn: r.Local(*v.Of.OpenedAt), Counters: []string{v.Counts[0].Who, v.Counts[1].Who}, Lines: v.Lines, Total: *v.Of.Amount,
		Difference: v.Of.Difference, Reason: v.Of.Reason, Entry: v.Voucher,
	}
	if v.Receipt != nil {
		doc.Receipt = v.Receipt.Serial()
	}
	return page.DrawPDF(c, "box-"+v.Number+"-"+strconv.Itoa(v.Of.Round), func(w io.Writer) error { return pdf.BoxRecord(w, doc) })
}
