package campaigns

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"

	"fund/ledger/money"
)

// StretchGoal is a further goal of a campaign, and what it buys.
type StretchGoal struct {
	Amount  money.Amount `json:"amount"` // of the whole campaign, not beyond the goal before
	TitleZH string       `json:"title_zh"`
	TitleEN string       `json:"title_en"`
}

// Title is what the goal buys, in the reader's language.
func (g StretchGoal) Title(lang string) string { return inLanguage(lang, g.TitleZH, g.TitleEN) }

// StretchGoals are a campaign's further goals in ascending order, as PostgreSQL
// keeps them in a jsonb.
type StretchGoals []StretchGoal

// Scan reads a jsonb.
func (gs *StretchGoals) Scan(src any) error {
	text, ok := src.([]byte)
	if !ok {
		return fmt.Errorf("campaigns: stretch goals in a %T", src)
	}
	*gs = nil
	if string(text) == "[]" {
		return nil
	}
	return json.Unmarshal(text, gs)
}

// Value writes a jsonb.
func (gs StretchGoals) Value() (driver.Value, error) {
	if gs == nil {
		gs = StretchGoals{}
	}
	text, err := json.Marshal(gs)
	return string(text), err
}

// ascend tells whether each goal lies above the one before, the first above the
// campaign's own.
func (gs StretchGoals) ascend(goal money.Amount) bool {
	for _, g := range gs {
		if !goal.Less(g.Amount) {
			return false
		}
		goal = g.Amount
	}
	return true
}

// Aim is the goal that the campaign raises for now: its own until that is met,
// then the first stretch goal ahead, at the end the last. n is 0 for its own.
func (c Campaign) Aim() (amount money.Amount, n int) {
	amount = c.Goal
	for i, g := range c.Stretch {
		if c.Raised.Less(amount) {
			break
		}
		amount, n = g.Amount, i+1
	}
	return amount, n
}
