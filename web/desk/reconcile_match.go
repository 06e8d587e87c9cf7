package desk

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns"
	"fund/campaigns/box"
	"fund/ledger"
	"fund/ledger/reconcile"
	"fund/web/auth"
	"fund/web/page"
)

// matchRow is a match as the desk lists it.
type matchRow struct {
	reconcile.Matched
	Who, Undone string
	Voucher     string
}

// beside is how long ago somebody was here to be mentioned.
const beside = 15 * time.Minute

// company tells who else works on the account, and what whoever reads has just done.
func (p *Pages) company(c *fiber.Ctx, v *sheetView) error {
	rows, err := p.matchRows(c, v.reconciled, uuid.Nil, 30)
	if err != nil {
		return err
	}
	s, err := auth.Current(c)
	if err != nil {
		return err
	}
	me := auth.UserSubject(s.UserID)
	for i, row := range rows {
		switch {
		case row.UndoneAt != nil:
		case row.MadeBy == me && v.Previous == nil:
			v.Previous = &rows[i]
		case row.MadeBy != me && v.Other == "" && p.Now().Sub(row.MadeAt) < beside:
			v.Other, v.OtherAt = row.Who, row.MadeAt
		}
	}
	return nil
}

func (p *Pages) matchRows(c *fiber.Ctx, r reconciled, before uuid.UUID, limit int) (rows []matchRow, err error) {
	found, err := reconcile.ListMatches(c.UserContext(), p.DB, r.Community.ID, r.Account.ID, before, limit)
	if err != nil {
		return nil, err
	}
	name, err := p.named(c)
	if err != nil {
		return nil, err
	}
	var seqs []int64
	for _, m := range found {
		if m.Entry != nil {
			seqs = append(seqs, *m.Entry)
		}
	}
	vouchers, err := reconcile.Vouchers(c.UserContext(), p.DB, r.Community.ID, seqs)
	for _, m := range found {
		row := matchRow{Matched: m, Who: name(m.MadeBy)}
		if m.UndoneBy != nil {
			row.Undone = name(*m.UndoneBy)
		}
		if m.Entry != nil {
			row.Voucher = vouchers[*m.Entry]
		}
		rows = append(rows, row)
	}
	return rows, err
}

// AcceptMatch does what the button of a suggestion says, or that of all the sure ones.
func (p *Pages) AcceptMatch(c *fiber.Ctx) error {
	r, err := p.reconciledHere(c)
	if err != nil {
		return err
	}
	w, err := p.worksheet(c.UserContext(), r)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	if f.Typed("press") == "sure" {
		return p.acceptSure(c, w)
	}
	id, err := lineID(f.Typed("line"))
	if err != nil {
		return err
	}
	found, ok := w.find(id, f.Typed("as"))
	if !ok {
		return p.sheetAgain(c, "reconcile.changed")
	}
	err = p.acceptPair(c, w, found)
	if said := saidOf(err); said != "" {
		return p.sheetAgain(c, said)
	}
	p.moved(c, 0)
	return done(c, err, r.Path(r.Query())+f.Typed("next"), "reconcile.accepted", "text", w.Sheet.Lines[found.Lines[0]].Amount.Yuan())
}

// saidOf is the message for a refusal that the sheet can explain; "" for any other error and none.
func saidOf(err error) string {
	for _, one := range []struct {
		err error
		key string
	}{
		{reconcile.ErrTaken, "reconcile.taken"},
		{reconcile.ErrNotFound, "reconcile.changed"},
		{ledger.ErrFundOverspent, "reconcile.overspent"},
		{ledger.ErrAccountClosed, "reconcile.account_closed"},
		{campaigns.ErrQuarantined, "reconcile.aside"},
		{box.ErrState, "reconcile.changed"},
	} {
		if errors.Is(err, one.err) {
			return one.key
		}
	}
	return ""
}

// sheetAgain shows the sheet as it stands now, and says why nothing was done.
func (p *Pages) sheetAgain(c *fiber.Ctx, said string) error {
	v, err := p.sheetView(c)
	if err != nil {
		return err
	}
	v.Said = page.Of(c).T(said)
	return page.RenderStatus(c, fiber.StatusConflict, "desk/reconcile_account", v)
}

func (p *Pages) acceptSure(c *fiber.Ctx, w worksheet) error {
	n, detail := 0, map[string]any{}
	err := p.act(c, "reconcile.accept_sure", "account:"+w.Account.Code, detail, func(tx *sqlx.Tx, who string) (err error) {
		n, err = reconcile.AcceptSure(c.UserContext(), tx, w.Community, w.Sheet, w.Sure(), who)
		detail["matches"] = n
		return err
	})
	if said := saidOf(err); said != "" {
		return p.sheetAgain(c, said)
	}
	return done(c, err, w.Path(w.Query()), "reconcile.accepted_sure", "count", n)
}

// acceptPair keeps a match after the entry or the gift that it calls for.
func (p *Pages) acceptPair(c *fiber.Ctx, w worksheet, f pairing) error {
	a := reconcile.Acceptance{Because: f.Because, Learn: f.Entry != nil && f.Entry.Rule != nil}
	for _, i := range f.Lines {
		a.Lines = append(a.Lines, w.Sheet.Lines[i].ID)
	}
	for _, i := range f.Items {
		a.Postings = append(a.Postings, w.Candidates[i].Spot())
	}
	if f.Entry != nil {
		provider := ""
		if len(f.Items) > 0 {
			provider = w.Candidates[f.Items[0]].Clearing
		}
		a.Entry = &reconcile.NewEntry{Kind: f.Entry.Kind, Fee: f.Entry.Fee, Memo: memoOf(f, provider, f.Entry.Amount.Sign() > 0)}
		if r := f.Entry.Rule; r != nil {
			a.Entry.Account, a.Entry.Fund, a.Entry.Rule = r.Account, r.Fund, r.ID
		}
	}
	detail := map[string]any{"amount": w.Sheet.Lines[f.Lines[0]].Amount.Format()}
	return p.act(c, "reconcile.accept", "account:"+w.Account.Code, detail, func(tx *sqlx.Tx, who string) error {
		if f.Gift != nil || f.Deposit != nil {
			spots, err := p.arriveByLine(c, tx, w, f, who)
			if err != nil {
				return err
			}
			a.Postings = spots
		}
		_, err := reconcile.Accept(c.UserContext(), tx, w.Community, w.Account.ID, a, who, p.Now())
		return err
	})
}

// arriveByLine books an awaited gift, or cash on its way, on the day of its line, and finds the postings that the line is.
func (p *Pages) arriveByLine(c *fiber.Ctx, tx *sqlx.Tx, w worksheet, f pairing, who string) (spots []reconcile.Spot, err error) {
	ctx, l := c.UserContext(), w.Sheet.Lines[f.Lines[0]]
	at, source := w.Community.Clock(l.Day, 12), ""
	if f.Deposit != nil {
		source, err = ledger.ArrivalSource(f.Deposit.ID), ledger.CashArrived(ctx, tx, w.Community, f.Deposit.ID, who, at)
	} else {
		var aside bool
		source = "donation:" + f.Gift.ID.String()
		_, aside, err = campaigns.Arrive(ctx, tx, w.Community, campaigns.Arrival{Donation: f.Gift.ID, Amount: l.Amount, Reference: oneWord(l.Number), At: at, Who: who})
		if err == nil && aside {
			err = campaigns.ErrQuarantined
		}
	}
	if err != nil {
		return nil, err
	}
	entry, err := ledger.EntryOf(ctx, tx, w.Community.ID, source)
	if err != nil {
		return nil, err
	}
	lines, err := ledger.Lines(ctx, tx, w.Community.ID, entry.Seq)
	for i, posting := range lines {
		if posting.AccountID == w.Account.ID {
			spots = append(spots, reconcile.Spot{Seq: entry.Seq, Posting: i + 1})
		}
	}
	return spots, err
}

// matchesView lists what was matched.
type matchesView struct {
	reconciled
	Rows   []matchRow
	Before string
	May    bool
}

// Matches lists what was matched in an account, the newest first, with what was taken back.
func (p *Pages) Matches(c *fiber.Ctx) error {
	r, err := p.reconciledHere(c)
	if err != nil {
		return err
	}
	before, _ := uuid.Parse(c.Query("before"))
	v := matchesView{reconciled: r, May: can(c, auth.Reconcile)}
	if v.Rows, err = p.matchRows(c, r, before, rowsMax+1); err != nil {
		return err
	}
	if len(v.Rows) > rowsMax {
		v.Rows = v.Rows[:rowsMax]
		v.Before = v.Rows[rowsMax-1].ID.String()
	}
	return page.Render(c, "desk/reconcile_matches", v)
}

// UndoMatch takes a match back; it stays in the list, struck through. The entry that was made for it is reversed.
func (p *Pages) UndoMatch(c *fiber.Ctx) error {
	r, err := p.reconciledHere(c)
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.Params("match"))
	if err != nil {
		return page.ErrNotFound
	}
	err = p.act(c, "reconcile.undo", "match:"+id.String(), nil, func(tx *sqlx.Tx, who string) error {
		return reconcile.Undo(c.UserContext(), tx, r.Community, id, who, p.Now())
	})
	p.moved(c, 0)
	return done(c, err, r.Path(r.Query()), "reconcile.undone")
}

// ToMatches sends whoever reloads the address of a match back to the list.
func (p *Pages) ToMatches(c *fiber.Ctx) error {
	return c.Redirect(page.Of(c).URL(reconcileHome+"/"+c.Params("account")+"/matches"), fiber.StatusSeeOther)
}

// NoteTransit says why an entry that the bank has not seen is all right.
func (p *Pages) NoteTransit(c *fiber.Ctx) error {
	r, err := p.reconciledHere(c)
	if err != nil {
		return err
	}
	f := page.ReadForm(c)
	spot, err := readSpot(f.Typed("item"))
	if err != nil {
		return err
	}
	note := line(f.Text("note", reasonMax, page.Optional))
	if f.AnyWrong() {
		return p.sheetAgain(c, "reconcile.note_long")
	}
	err = p.act(c, "reconcile.note", "account:"+r.Account.Code, nil, func(tx *sqlx.Tx, who string) error {
		return reconcile.Note(c.UserContext(), tx, r.Community.ID, spot, note, who)
	})
	return done(c, err, r.Path(r.Query())+"#transit", "reconcile.noted")
}
