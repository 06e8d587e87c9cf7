package campaigns

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger/money"
)

// BudgetLine says what the money buys: 年夜饭食材, 120 份, ¥10,320.
type BudgetLine struct {
	Line     int          `db:"line"`
	NameZH   string       `db:"name_zh"`
	NameEN   string       `db:"name_en"`
	NoteZH   string       `db:"note_zh"`
	NoteEN   string       `db:"note_en"`
	UnitZH   string       `db:"unit_zh"` // 份; empty where the line is not counted in things
	UnitEN   string       `db:"unit_en"`
	Quantity *int         `db:"quantity"`
	Amount   money.Amount `db:"amount"` // of the whole line
	Raised   money.Amount `db:"raised"` // by gifts for this line, less refunds
}

// Name is the line's name in the reader's language.
func (b BudgetLine) Name(lang string) string { return inLanguage(lang, b.NameZH, b.NameEN) }

// Note is the line's explanation in the reader's language.
func (b BudgetLine) Note(lang string) string { return inLanguage(lang, b.NoteZH, b.NoteEN) }

// Unit is what the line's quantity counts, in the reader's language.
func (b BudgetLine) Unit(lang string) string { return inLanguage(lang, b.UnitZH, b.UnitEN) }

// UnitPrice is the price of one, where the line is counted in things.
func (b BudgetLine) UnitPrice() money.Amount {
	if b.Quantity == nil {
		return b.Amount
	}
	return money.FromFen(b.Amount.Fen() / int64(*b.Quantity))
}

// Open tells whether the line takes gifts of its own: whether they fill it yet.
func (b BudgetLine) Open() bool { return b.Raised.Less(b.Amount) }

// Covered shares what is raised among the budget lines. What was given for a
// line stays with it, up to its amount; all else fills the lines in their order,
// each before the next begins.
func (c Campaign) Covered() []money.Amount {
	covered, rest := make([]money.Amount, len(c.Budget)), c.Raised
	for i, line := range c.Budget {
		covered[i] = money.Min(line.Raised, line.Amount)
		rest = rest.Sub(covered[i])
	}
	for i, line := range c.Budget {
		more := money.Min(rest, line.Amount.Sub(covered[i]))
		covered[i], rest = covered[i].Add(more), rest.Sub(more)
	}
	return covered
}

func (c Campaign) hasLine(line int) bool {
	return slices.ContainsFunc(c.Budget, func(b BudgetLine) bool { return b.Line == line })
}

// editLines writes the budget's lines. A line keeps its number, by which gifts
// name it; one without gets the next.
func editLines(ctx context.Context, tx *sqlx.Tx, community int, c Campaign) error {
	last, kept := 0, pq.Int32Array{}
	for _, b := range c.Budget {
		if b.Line == 0 {
			b.Line = last + 1
		}
		last, kept = b.Line, append(kept, int32(b.Line))
		_, err := tx.ExecContext(ctx, `
			INSERT INTO campaigns.budget_line (community_id, campaign_id, line, name_zh, name_en, note_zh, note_en, unit_zh, unit_en, quantity, amount)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
			    ON CONFLICT (community_id, campaign_id, line) DO UPDATE SET name_zh = EXCLUDED.name_zh, name_en = EXCLUDED.name_en,
			       note_zh = EXCLUDED.note_zh, note_en = EXCLUDED.note_en, unit_zh = EXCLUDED.unit_zh, unit_en = EXCLUDED.unit_en,
			       quantity = EXCLUDED.quantity, amount = EXCLUDED.amount`,
			community, c.ID, b.Line, b.NameZH, b.NameEN, b.NoteZH, b.NoteEN, b.UnitZH, b.UnitEN, b.Quantity, b.Amount)
		if err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM campaigns.budget_line WHERE community_id = $1 AND campaign_id = $2 AND line <> ALL ($3)`,
		community, c.ID, kept)
	return err
}

// moveLines adds to the lines what was given for them: for a batch whose gifts
// name lines.
func moveLines(ctx context.Context, tx *sqlx.Tx, community int, gifts []*waiting) error {
	var ids pq.StringArray
	for _, d := range gifts {
		if d.Line != nil {
			ids = append(ids, d.ID.String())
		}
	}
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE campaigns.budget_line b SET raised = b.raised + g.given
		  FROM (SELECT campaign_id, line, sum(amount) AS given FROM campaigns.donation
		         WHERE community_id = $1 AND id = ANY ($2::uuid[]) GROUP BY 1, 2) g
		 WHERE b.community_id = $1 AND b.campaign_id = g.campaign_id AND b.line = g.line`, community, ids)
	return err
}
