package box

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
)

// What a box refuses.
var (
	ErrNotFound    = errors.New("box: not found")
	ErrNumberTaken = errors.New("box: another box has this number")
	ErrSealUsed    = errors.New("box: this seal was used before")
	ErrConditional = errors.New("box: nobody could give the money back, so no box stands for an all-or-nothing campaign")
	ErrState       = errors.New("box: not in this state")
	ErrNoReason    = errors.New("box: a word of explanation is needed")
	ErrSameCounter = errors.New("box: the second count is by another person")
)

// Box is a 募捐箱.
type Box struct {
	ID         int        `db:"id"` // unique in its community
	Number     string     `db:"number"`
	PlaceZH    string     `db:"place_zh"`
	PlaceEN    string     `db:"place_en"`
	CampaignID int        `db:"campaign_id"`
	PlacedBy   string     `db:"placed_by"`
	PlacedAt   time.Time  `db:"placed_at"`
	RetiredAt  *time.Time `db:"retired_at"`
	Round      Round      `db:"last"` // the latest
}

// Place is where it stands, in the reader's language ("en", else Chinese).
func (b Box) Place(lang string) string {
	if lang == "en" && b.PlaceEN != "" {
		return b.PlaceEN
	}
	return b.PlaceZH
}

// State is where a box is between its seal and the bank.
type State string

// The states of a round, in their order.
const (
	Sealed    State = "sealed"    // stands at its place
	Collected State = "collected" // brought in, not yet opened
	Opened    State = "opened"    // counted by two and booked
)

// Round is one time a box was sealed, stood, was brought in and opened.
type Round struct {
	BoxID         int           `db:"box_id"`
	Round         int           `db:"round"` // from 1
	Seal          string        `db:"seal"`
	SealedBy      string        `db:"sealed_by"`
	SealedAt      time.Time     `db:"sealed_at"`
	CollectedBy   string        `db:"collected_by"`
	CollectedAt   *time.Time    `db:"collected_at"`
	Intact        *bool         `db:"intact"` // the seal, when it came
	Remark        string        `db:"remark"`
	OpenedAt      *time.Time    `db:"opened_at"`
	Amount        *money.Amount `db:"amount"`     // what was in it: the second count
	Difference    money.Amount  `db:"difference"` // second count less first
	Reason        string        `db:"reason"`     // of a difference
	DonationID    *uuid.UUID    `db:"donation_id"`
	EntrySeq      *int64        `db:"entry_seq"`
	DifferenceSeq *int64        `db:"difference_seq"`
	DepositID     *uuid.UUID    `db:"deposit_id"`
}

// State is where it is.
func (r Round) State() State {
	switch {
	case r.OpenedAt != nil:
		return Opened
	case r.CollectedAt != nil:
		return Collected
	}
	return Sealed
}

// Given is what the box's people gave: the first count, which the gift is booked with.
func (r Round) Given() money.Amount { return r.Amount.Sub(r.Difference) }

const roundColumns = `box_id, round, seal, sealed_by, sealed_at, collected_by, collected_at, intact, remark, opened_at, amount, difference, reason,
	donation_id, entry_seq, difference_seq, deposit_id`

const selectBox = `
	SELECT b.id, b.number, b.place_zh, b.place_en, b.campaign_id, b.placed_by, b.placed_at, b.retired_at,
	       r.box_id AS "last.box_id", r.round AS "last.round", r.seal AS "last.seal", r.sealed_by AS "last.sealed_by", r.sealed_at AS "last.sealed_at",
	       r.collected_by AS "last.collected_by", r.collected_at AS "last.collected_at", r.intact AS "last.intact", r.remark AS "last.remark",
	       r.opened_at AS "last.opened_at", r.amount AS "last.amount", r.difference AS "last.difference", r.reason AS "last.reason",
	       r.donation_id AS "last.donation_id", r.entry_seq AS "last.entry_seq", r.difference_seq AS "last.difference_seq", r.deposit_id AS "last.deposit_id"
	  FROM box.box b
	  JOIN LATERAL (SELECT * FROM box.round r WHERE r.community_id = b.community_id AND r.box_id = b.id ORDER BY r.round DESC LIMIT 1) r ON true
	 WHERE b.community_id = $1`

// List reads a community's boxes by their numbers, those taken away last.
func List(ctx context.Context, q sqlx.QueryerContext, community int) (boxes []Box, err error) {
	defer wrap(&err, "box.List(%d)", community)
	err = sqlx.SelectContext(ctx, q, &boxes, selectBox+` ORDER BY b.retired_at IS NOT NULL, length(b.number), b.number`, community)
	return boxes, err
}

// Find reads one box; ErrNotFound.
func Find(ctx context.Context, q sqlx.QueryerContext, community, box int) (b Box, err error) {
	defer wrap(&err, "box.Find(%d, %d)", community, box)
	err = sqlx.GetContext(ctx, q, &b, selectBox+` AND b.id = $2`, community, box)
	return b, err
}

// Rounds reads what happened to a box (0: to all boxes), the latest first.
func Rounds(ctx context.Context, q sqlx.QueryerContext, community, box, limit int) (rounds []Round, err error) {
	defer wrap(&err, "box.Rounds(%d, %d)", community, box)
	err = sqlx.SelectContext(ctx, q, &rounds, `SELECT `+roundColumns+` FROM box.round
		WHERE community_id = $1 AND ($2 = 0 OR box_id = $2) ORDER BY coalesce(opened_at, 'infinity') DESC, box_id, round DESC LIMIT $3`, community, box, limit)
	return rounds, err
}

// FindRound reads one round of a box; ErrNotFound.
func FindRound(ctx context.Context, q sqlx.QueryerContext, community, box, round int) (r Round, err error) {
	defer wrap(&err, "box.FindRound(%d, %d, %d)", community, box, round)
	err = sqlx.GetContext(ctx, q, &r, `SELECT `+roundColumns+` FROM box.round WHERE community_id = $1 AND box_id = $2 AND round = $3`, community, box, round)
	return r, err
}

// Place puts up a box for a campaign, sealed. ErrNumberTaken, ErrSealUsed,
// ErrConditional.
func Place(ctx context.Context, tx *sqlx.Tx, c ledger.Community, b Box, seal, who string, at time.Time) (_ Box, err error) {
	defer wrap(&err, "box.Place(%d, %s)", c.ID, b.Number)
	of, err := campaigns.CampaignAt(ctx, tx, c.ID, b.CampaignID)
	if err != nil {
		return b, err
	}
	if of.Kind == campaigns.AllOrNothing {
		return b, ErrConditional
	}
	b.PlacedBy, b.PlacedAt = who, at
	err = tx.GetContext(ctx, &b.ID, `
		INSERT INTO box.box (community_id, id, number, place_zh, place_en, campaign_id, placed_by, placed_at)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7 FROM box.box WHERE community_id = $1 RETURNING id`,
		c.ID, b.Number, b.PlaceZH, b.PlaceEN, b.CampaignID, who, at)
	if err != nil {
		return b, err
	}
	if err = seals(ctx, tx, c.ID, b.ID, 1, seal, who, at); err != nil {
		return b, err
	}
	return Find(ctx, tx, c.ID, b.ID)
}

func seals(ctx context.Context, tx *sqlx.Tx, community, box, round int, seal, who string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO box.round (community_id, box_id, round, seal, sealed_by, sealed_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		community, box, round, strings.TrimSpace(seal), who, at)
	return err
}

// lock reads a box whose rows nobody else changes until the transaction ends.
func lock(ctx context.Context, tx *sqlx.Tx, community, box int) (b Box, err error) {
	if _, err = tx.ExecContext(ctx, `SELECT FROM box.round WHERE community_id = $1 AND box_id = $2 FOR UPDATE`, community, box); err != nil {
		return b, err
	}
	return Find(ctx, tx, community, box)
}

// Collect notes that a box was brought in, and whether its seal was whole: if
// not, the remark says what was seen (ErrNoReason). ErrState.
func Collect(ctx context.Context, tx *sqlx.Tx, community, box int, intact bool, remark, who string, at time.Time) (err error) {
	defer wrap(&err, "box.Collect(%d, %d)", community, box)
	b, err := lock(ctx, tx, community, box)
	remark = strings.TrimSpace(remark)
	switch {
	case err != nil:
		return err
	case b.RetiredAt != nil || b.Round.State() != Sealed:
		return ErrState
	case !intact && remark == "":
		return ErrNoReason
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE box.round SET collected_by = $4, collected_at = $5, intact = $6, remark = $7 WHERE community_id = $1 AND box_id = $2 AND round = $3`,
		community, box, b.Round.Round, who, at, intact, remark)
	return err
}

// Seal closes an opened box with a new seal and puts it up again. ErrState,
// ErrSealUsed.
func Seal(ctx context.Context, tx *sqlx.Tx, community, box int, seal, who string, at time.Time) (err error) {
	defer wrap(&err, "box.Seal(%d, %d)", community, box)
	b, err := lock(ctx, tx, community, box)
	if err != nil {
		return err
	}
	if b.RetiredAt != nil || b.Round.State() != Opened {
		return ErrState
	}
	return seals(ctx, tx, community, box, b.Round.Round+1, seal, who, at)
}

// Retire takes an opened box away for good. ErrState.
func Retire(ctx context.Context, tx *sqlx.Tx, community, box int, at time.Time) (err error) {
	defer wrap(&err, "box.Retire(%d, %d)", community, box)
	b, err := lock(ctx, tx, community, box)
	if err != nil {
		return err
	}
	if b.RetiredAt != nil || b.Round.State() != Opened {
		return ErrState
	}
	_, err = tx.ExecContext(ctx, `UPDATE box.box SET retired_at = $3 WHERE community_id = $1 AND id = $2`, community, box, at)
	return err
}

// wrap adds the verb that failed and turns what the database refused into a sentinel.
func wrap(err *error, verb string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(verb, args...), explain(*err))
	}
}

// refusals are the constraints of migrations/0010_paying.sql that a person can run into.
var refusals = map[string]error{
	"box_number_key": ErrNumberTaken, "round_seal_key": ErrSealUsed, "count_by_two_people": ErrSameCounter,
}

func explain(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	var dberr *pq.Error
	if !errors.As(err, &dberr) {
		return err
	}
	if refusal := refusals[dberr.Constraint]; refusal != nil {
		return errors.Join(refusal, err)
	}
	if dberr.Code == "FU020" {
		return errors.Join(ErrSameCounter, err)
	}
	return ledger.Explain(err)
}
