package reconcile

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/ledger/money"
)

// Acceptance is what a person agreed to: these lines are those postings, after
// the entry they call for.
type Acceptance struct {
	Lines    []int64
	Postings []Spot // of a payout: the gifts in the clearing account
	Because  []Because
	Entry    *NewEntry
	Learn    bool // remember it as a rule
}

// NewEntry is the entry to post first: for what the lines are worth more than
// the postings chosen for them.
type NewEntry struct {
	Kind    DraftKind
	Account int // the other side; 0 for the one that the kind has by itself
	Fund    int // 0 for the general fund
	Memo    string
	Fee     money.Amount // of a payout
	Rule    int          // Rule.ID, where one called for it
}

// OtherSide is the purpose of the account that a kind of entry is made against;
// empty where only a rule or a person knows.
func OtherSide(kind DraftKind) ledger.Purpose { return purposes[kind] }

// purposes are the other sides that kinds have by themselves.
var purposes = map[DraftKind]ledger.Purpose{
	BankFee: ledger.AdminExpense, Interest: ledger.OtherIncome, Unknown: ledger.Suspense, Payout: ledger.FundraisingExpense,
}

// Accept posts the entry that lines call for, if any, and keeps the match, in
// the caller's transaction. ErrTaken if somebody was faster, ErrUnequal.
func Accept(ctx context.Context, tx *sqlx.Tx, c ledger.Community, account int, a Acceptance, who string, at time.Time) (m Match, err error) {
	defer wrap(&err, "reconcile.Accept(%d, %d)", c.ID, account)
	id, err := uuid.NewV7()
	if err != nil {
		return m, err
	}
	m = Match{ID: id, Lines: a.Lines, Postings: a.Postings, Because: a.Because, MadeBy: who}
	if a.Entry != nil {
		if err := post(ctx, tx, c, account, *a.Entry, &m, at); err != nil {
			return m, err
		}
		if a.Learn {
			if err := learn(ctx, tx, c.ID, account, *a.Entry, m); err != nil {
				return m, err
			}
		}
	}
	return m, Keep(ctx, tx, c.ID, account, m)
}

// post writes the entry of a match and adds its postings to it.
func post(ctx context.Context, tx *sqlx.Tx, c ledger.Community, account int, n NewEntry, m *Match, at time.Time) error {
	lines, err := linesAt(ctx, tx, c.ID, account, m.Lines)
	if err != nil {
		return err
	}
	book, err := ledger.OpenBook(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if n.Account == 0 {
		if n.Account, err = book.Account(purposes[n.Kind]); err != nil {
			return err
		}
	}
	n.Fund = max(n.Fund, ledger.GeneralFundID)
	entry := ledger.Entry{
		Date: book.EntryDate(c.Clock(lines[0].Day, 12), at), Kind: "bank_line", Source: "match:" + m.ID.String(), Memo: n.Memo,
		Detail: "银行流水 " + lines[0].Day.Format(time.DateOnly), PostedBy: m.MadeBy, // the books are public: nobody's name
	}
	if n.Kind == Payout {
		if entry.Postings, err = payoutOf(ctx, tx, c.ID, account, n, m.Postings); err != nil {
			return err
		}
	} else {
		amount, err := rest(ctx, tx, c.ID, account, lines, m.Postings)
		if err != nil {
			return err
		}
		entry.Postings = []ledger.Posting{ledger.Debit(account, n.Fund, amount), ledger.Credit(n.Account, n.Fund, amount)}
	}
	posted, err := ledger.Post(ctx, tx, c.ID, entry)
	if err != nil {
		return err
	}
	m.Entry, m.Rule = posted[0].Seq, n.Rule
	for i, p := range entry.Postings {
		if p.Account == account || n.Kind == Payout && p.Account != n.Account {
			m.Postings = append(m.Postings, Spot{m.Entry, i + 1})
		}
	}
	return nil
}

// rest is what lines are worth more than postings to the account.
func rest(ctx context.Context, tx *sqlx.Tx, community, account int, lines []Line, postings []Spot) (amount money.Amount, err error) {
	seqs, of := spots(postings)
	err = tx.GetContext(ctx, &amount, `
		SELECT coalesce(-sum(p.amount), 0.00) FROM unnest($3::bigint[], $4::smallint[]) AS g (seq, posting)
		  JOIN ledger.posting p ON p.community_id = $1 AND p.account_id = $2 AND p.seq = g.seq AND p.line = g.posting`, community, account, seqs, of)
	for _, l := range lines {
		amount = amount.Add(l.Amount)
	}
	if err == nil && amount.IsZero() {
		err = ErrEmpty
	}
	return amount, err
}

// spots are postings turned on their side.
func spots(postings []Spot) (seqs, of pq.Int64Array) {
	for _, s := range postings {
		seqs, of = append(seqs, s.Seq), append(of, int64(s.Posting))
	}
	return seqs, of
}

// payoutOf moves each fund's gifts from the clearing account to the bank, and
// lets the general fund bear the provider's fee.
func payoutOf(ctx context.Context, tx *sqlx.Tx, community, account int, n NewEntry, gifts []Spot) (postings []ledger.Posting, err error) {
	seqs, of := spots(gifts)
	var sums []struct {
		Account int          `db:"account_id"`
		Fund    int          `db:"fund_id"`
		Amount  money.Amount `db:"amount"`
	}
	err = tx.SelectContext(ctx, &sums, `
		SELECT p.account_id, p.fund_id, sum(p.amount) AS amount
		  FROM unnest($2::bigint[], $3::smallint[]) AS g (seq, posting)
		  JOIN ledger.posting p ON p.community_id = $1 AND p.seq = g.seq AND p.line = g.posting
		 GROUP BY 1, 2 HAVING sum(p.amount) <> 0 ORDER BY 2, 1`, community, seqs, of)
	for _, s := range sums {
		postings = append(postings, ledger.Debit(account, s.Fund, s.Amount), ledger.Credit(s.Account, s.Fund, s.Amount))
	}
	if !n.Fee.IsZero() {
		postings = append(postings, ledger.Debit(n.Account, n.Fund, n.Fee), ledger.Credit(account, n.Fund, n.Fee))
	}
	return postings, err
}

func linesAt(ctx context.Context, tx *sqlx.Tx, community, account int, ids []int64) (lines []Line, err error) {
	err = tx.SelectContext(ctx, &lines, `
		SELECT id, day, amount, number, reference, counterparty, memo FROM statement.line
		 WHERE community_id = $1 AND account_id = $2 AND id = ANY ($3) ORDER BY day, id`, community, account, pq.Array(ids))
	if err == nil && (len(lines) == 0 || len(lines) != len(ids)) {
		err = ErrNotFound
	}
	return lines, err
}

// AcceptSure keeps every suggestion of a sheet that nobody has to look at, and
// says how many there were.
func AcceptSure(ctx context.Context, tx *sqlx.Tx, c ledger.Community, s Sheet, suggestions []Suggestion, who string) (n int, err error) {
	defer wrap(&err, "reconcile.AcceptSure(%d, %d)", c.ID, s.Account.ID)
	candidates := s.Candidates()
	var sure []Match
	for _, g := range suggestions {
		if !g.Sure || g.Entry != nil {
			continue
		}
		id, err := uuid.NewV7()
		if err != nil {
			return 0, err
		}
		m := Match{ID: id, Because: g.Because, ByItself: true, MadeBy: who}
		for _, i := range g.Lines {
			m.Lines = append(m.Lines, s.Lines[i].ID)
		}
		for _, i := range g.Items {
			m.Postings = append(m.Postings, candidates[i].Spot())
		}
		sure = append(sure, m)
	}
	if len(sure) == 0 {
		return 0, nil
	}
	return len(sure), Keep(ctx, tx, c.ID, s.Account.ID, slices.Clip(sure)...)
}

// Note says why a posting that the bank has not seen is all right, and with it
// its entry's other postings to the account; an empty note takes that back.
func Note(ctx context.Context, tx *sqlx.Tx, community int, at Spot, note, who string) (err error) {
	defer wrap(&err, "reconcile.Note(%d, %d)", community, at.Seq)
	const beside = `
		  FROM ledger.posting p
		  JOIN ledger.posting o ON o.community_id = p.community_id AND o.seq = p.seq AND o.account_id = p.account_id
		 WHERE p.community_id = $1 AND p.seq = $2 AND p.line = $3`
	_, err = tx.ExecContext(ctx, `DELETE FROM reconcile.transit WHERE community_id = $1 AND seq = $2 AND posting IN (SELECT o.line`+beside+`)`, community, at.Seq, at.Posting)
	if err != nil || note == "" {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO reconcile.transit (community_id, seq, posting, note, noted_by) SELECT $1, o.seq, o.line, $4, $5`+beside,
		community, at.Seq, at.Posting, short(note, 200), who)
	return err
}

// short cuts a text to so many letters, without what a memo may not hold.
func short(s string, letters int) string {
	runes := slices.DeleteFunc([]rune(s), func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 })
	if len(runes) > letters {
		runes = runes[:letters]
	}
	return strings.TrimSpace(string(runes))
}
