package disclosure

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"
)

// Texts are what staff write into a report: what no book knows. English ones may be empty: the Chinese ones stand in.
type Texts struct {
	DoneZH     string `json:"done_zh"` // what was done
	DoneEN     string `json:"done_en,omitempty"`
	OutcomeZH  string `json:"outcome_zh,omitempty"` // what came of it
	OutcomeEN  string `json:"outcome_en,omitempty"`
	Served     int    `json:"served,omitempty"`      // person-times
	LeftoverZH string `json:"leftover_zh,omitempty"` // where what is left goes
	LeftoverEN string `json:"leftover_en,omitempty"`
	NoteEN     string `json:"note_en,omitempty"` // of a correction: its note in English
}

// Done is what was done, in the reader's language.
func (t Texts) Done(lang string) string { return inLanguage(lang, t.DoneZH, t.DoneEN) }

// Outcome is what came of it, in the reader's language.
func (t Texts) Outcome(lang string) string { return inLanguage(lang, t.OutcomeZH, t.OutcomeEN) }

// Leftover says where what is left goes, in the reader's language.
func (t Texts) Leftover(lang string) string { return inLanguage(lang, t.LeftoverZH, t.LeftoverEN) }

func inLanguage(lang, zh, en string) string {
	if lang == "en" && en != "" {
		return en
	}
	return zh
}

// SaveDraft keeps what somebody has written for a duty so far.
func SaveDraft(ctx context.Context, tx *sqlx.Tx, community int, duty Duty, t Texts, by string, at time.Time) (err error) {
	defer wrap(&err, "disclosure.SaveDraft(%d, %s)", community, duty.Key())
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO disclosure.draft (community_id, duty, texts, saved_by, saved_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (community_id, duty) DO UPDATE SET texts = EXCLUDED.texts, saved_by = EXCLUDED.saved_by, saved_at = EXCLUDED.saved_at`,
		community, duty.Key(), string(text), by, at)
	return err
}

// FindDraft reads what was written for a duty so far; ok is false where nobody has begun.
func FindDraft(ctx context.Context, q sqlx.QueryerContext, community int, duty Duty) (t Texts, ok bool, err error) {
	defer wrap(&err, "disclosure.FindDraft(%d, %s)", community, duty.Key())
	var text []byte
	err = sqlx.GetContext(ctx, q, &text, `SELECT texts FROM disclosure.draft WHERE community_id = $1 AND duty = $2`, community, duty.Key())
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	if err != nil {
		return t, false, err
	}
	return t, true, json.Unmarshal(text, &t)
}

func findDrafted(ctx context.Context, q sqlx.QueryerContext, community int) (map[string]bool, error) {
	var keys []string
	err := sqlx.SelectContext(ctx, q, &keys, `SELECT duty FROM disclosure.draft WHERE community_id = $1`, community)
	drafted := make(map[string]bool, len(keys))
	for _, key := range keys {
		drafted[key] = true
	}
	return drafted, err
}
