package transparency

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Answer is what came of asking a witness the last time.
type Answer string

// The answers of a witness.
const (
	Unasked  Answer = ""
	Signed   Answer = "signed"
	Silent   Answer = "silent"   // it did not answer
	Stranger Answer = "stranger" // it does not know our log
	Disputed Answer = "disputed" // it refused our proof or our signature
	Forked   Answer = "forked"   // it holds another log of ours
	Unsigned Answer = "unsigned" // its answer holds no signature by its key
)

// Witness is a 见证人: who countersigns a community's checkpoints.
type Witness struct {
	ID        int        `db:"id"`
	Title     string     `db:"title"` // as readers see it
	PublicKey string     `db:"public_key"`
	Address   string     `db:"address"` // where it takes checkpoints; empty for a person
	AddedBy   string     `db:"added_by"`
	AddedAt   time.Time  `db:"added_at"`
	EndedAt   *time.Time `db:"ended_at"`
	AskedAt   *time.Time `db:"asked_at"`
	Answer    Answer     `db:"answer"`
	Size      int64      `db:"size"` // that it last countersigned, as far as we know
}

// By is the witness's key. What stands in the database was read before.
func (w Witness) By() Cosignatory {
	by, _ := ParseCosignatory(w.PublicKey)
	return by
}

// What a witness can be refused for.
var (
	ErrWitnessKnown      = errors.New("transparency: this witness is on the list")
	ErrWitnessNotFound   = errors.New("transparency: there is no such witness or log")
	ErrUnknownCheckpoint = errors.New("transparency: this checkpoint is not of this log")
)

const selectWitness = `
	SELECT id, title, public_key, address, added_by, added_at, ended_at, asked_at, answer, size FROM transparency.witness WHERE community_id = $1`

// AddWitness puts a witness on the list. ErrWitnessKnown if its key stands there,
// ended or not.
func AddWitness(ctx context.Context, tx *sqlx.Tx, community int, w Witness) (_ Witness, err error) {
	defer wrap(&err, "transparency.AddWitness(%d)", community)
	by, err := ParseCosignatory(w.PublicKey)
	if err != nil {
		return w, err
	}
	w.PublicKey = by.Public()
	err = sqlx.GetContext(ctx, tx, &w.ID, `
		INSERT INTO transparency.witness (community_id, id, title, public_key, address, added_by, added_at)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6 FROM transparency.witness WHERE community_id = $1 RETURNING id`,
		community, w.Title, w.PublicKey, w.Address, w.AddedBy, w.AddedAt)
	return w, taken(err)
}

func taken(err error) error {
	var dberr *pq.Error
	if errors.As(err, &dberr) && dberr.Code == "23505" {
		return ErrWitnessKnown
	}
	return err
}

// Witnesses reads the list, those that ended too.
func Witnesses(ctx context.Context, q sqlx.QueryerContext, community int) (all []Witness, err error) {
	defer wrap(&err, "transparency.Witnesses(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, selectWitness+` ORDER BY id`, community)
	return all, err
}

// EndWitness asks a witness no more; what it signed stays. ErrWitnessNotFound.
func EndWitness(ctx context.Context, tx *sqlx.Tx, community, id int, at time.Time) (err error) {
	defer wrap(&err, "transparency.EndWitness(%d, %d)", community, id)
	return one(tx.ExecContext(ctx, `UPDATE transparency.witness SET ended_at = $3 WHERE community_id = $1 AND id = $2 AND ended_at IS NULL`, community, id, at))
}

// ResumeWitness asks an ended one again. ErrWitnessNotFound.
func ResumeWitness(ctx context.Context, tx *sqlx.Tx, community, id int) (err error) {
	defer wrap(&err, "transparency.ResumeWitness(%d, %d)", community, id)
	return one(tx.ExecContext(ctx, `UPDATE transparency.witness SET ended_at = NULL WHERE community_id = $1 AND id = $2 AND ended_at IS NOT NULL`, community, id))
}

func one(done sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return errors.Join(ErrWitnessNotFound, err)
	}
	return nil
}

// Witnessing are the communities that have witnesses to ask.
func Witnessing(ctx context.Context, q sqlx.QueryerContext) (communities []int, err error) {
	defer wrap(&err, "transparency.Witnessing")
	err = sqlx.SelectContext(ctx, q, &communities, `
		SELECT DISTINCT community_id FROM transparency.witness WHERE address <> '' AND ended_at IS NULL ORDER BY community_id`)
	return communities, err
}

// WitnessesToAsk takes, for one server, the witnesses with an address that have
// not countersigned a community's newest checkpoint and were last asked before an
// instant. Of several servers one gets each.
func WitnessesToAsk(ctx context.Context, tx *sqlx.Tx, community int, now, askedBefore time.Time) (some []Witness, err error) {
	defer wrap(&err, "transparency.WitnessesToAsk(%d)", community)
	err = tx.SelectContext(ctx, &some, `
		UPDATE transparency.witness w SET asked_at = $2
		 WHERE w.community_id = $1 AND w.address <> '' AND w.ended_at IS NULL AND (w.asked_at IS NULL OR w.asked_at < $3)
		   AND EXISTS (SELECT FROM transparency.checkpoint k WHERE k.community_id = $1)
		   AND NOT EXISTS (SELECT FROM transparency.cosignature s WHERE s.community_id = $1 AND s.witness_id = w.id
		                    AND s.number = (SELECT max(k.number) FROM transparency.checkpoint k WHERE k.community_id = $1))
		RETURNING id, title, public_key, address, added_by, added_at, ended_at, asked_at, answer, size`, community, now, askedBefore)
	return some, err
}

// WitnessAnswered notes what came of asking, and the size that the witness now
// holds, as far as it said.
func WitnessAnswered(ctx context.Context, tx *sqlx.Tx, community, id int, answer Answer, size int64) (err error) {
	defer wrap(&err, "transparency.WitnessAnswered(%d, %d)", community, id)
	return one(tx.ExecContext(ctx, `UPDATE transparency.witness SET answer = $3, size = $4 WHERE community_id = $1 AND id = $2`, community, id, answer, size))
}

// KeepCosignatures keeps the countersignatures that stand under a checkpoint of
// ours and are by witnesses of the list; other lines are passed over, and what is
// kept already stays. It returns the witnesses whose signatures there are.
// ErrUnknownCheckpoint, ErrNoCosignature.
func KeepCosignatures(ctx context.Context, tx *sqlx.Tx, community int, signed string) (by []Witness, err error) {
	defer wrap(&err, "transparency.KeepCosignatures(%d)", community)
	signed = strings.TrimSpace(strings.ReplaceAll(signed, "\r\n", "\n")) + "\n"
	c, err := Published(ctx, tx, community, signed)
	if err != nil {
		return nil, err
	}
	all, err := Witnesses(ctx, tx, community)
	if err != nil {
		return nil, err
	}
	for _, w := range all {
		if w.EndedAt != nil {
			continue
		}
		found, err := Cosignatures(signed, w.By())
		if errors.Is(err, ErrNoCosignature) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if _, err = tx.ExecContext(ctx, `
			INSERT INTO transparency.cosignature (community_id, number, witness_id, signed_at, line) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			community, c.Number, w.ID, found[0].At, found[0].Line); err != nil {
			return nil, err
		}
		by = append(by, w)
	}
	if len(by) == 0 {
		return nil, ErrNoCosignature
	}
	return by, nil
}

// Published reads the checkpoint of ours that a text is, whatever countersignatures
// stand under it. ErrUnknownCheckpoint if we keep none of this text, ErrMalformed.
func Published(ctx context.Context, q sqlx.QueryerContext, community int, signed string) (Checkpoint, error) {
	text, _, ok := strings.Cut(signed, "\n\n")
	if !ok {
		return Checkpoint{}, ErrMalformed
	}
	_, rest, _ := strings.Cut(text, "\n")
	line, _, _ := strings.Cut(rest, "\n")
	size, err := strconv.ParseInt(line, 10, 64)
	if err != nil {
		return Checkpoint{}, ErrUnknownCheckpoint
	}
	c, err := find(ctx, q, selectCheckpoint+` AND size = $3 AND starts_with(note, $2) ORDER BY number DESC LIMIT 1`, community, text+"\n\n", size)
	if errors.Is(err, ErrNoneSealed) {
		err = ErrUnknownCheckpoint
	}
	return c, err
}

// Countersigned is a line that a witness put under a checkpoint.
type Countersigned struct {
	Number  int       `db:"number"` // of the checkpoint
	Title   string    `db:"title"`  // of the witness
	Address string    `db:"address"`
	Public  string    `db:"public_key"`
	At      time.Time `db:"signed_at"`
	Line    string    `db:"line"`
}

// Name of the witness's key.
func (c Countersigned) Name() string {
	name, _, _ := strings.Cut(c.Public, "+")
	return name
}

// CountersignaturesOf reads who countersigned a checkpoint, the earliest first.
func CountersignaturesOf(ctx context.Context, q sqlx.QueryerContext, community, number int) (all []Countersigned, err error) {
	defer wrap(&err, "transparency.CountersignaturesOf(%d, %d)", community, number)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT s.number, w.title, w.address, w.public_key, s.signed_at, s.line
		  FROM transparency.cosignature s JOIN transparency.witness w ON w.community_id = s.community_id AND w.id = s.witness_id
		 WHERE s.community_id = $1 AND s.number = $2 ORDER BY s.signed_at, w.id`, community, number)
	return all, err
}

// Cosigned is a checkpoint's note with the lines of those who countersigned it.
func Cosigned(ctx context.Context, q sqlx.QueryerContext, community int, c Checkpoint) (note string, by []Countersigned, err error) {
	by, err = CountersignaturesOf(ctx, q, community, c.Number)
	lines := make([]string, len(by))
	for i, s := range by {
		lines[i] = s.Line
	}
	return WithCosignatures(c.Note, lines...), by, err
}

// Witnessed reads the newest checkpoint that covers a leaf of the entries and was
// countersigned, and where there is none the newest that covers it. ErrNotSealed.
func Witnessed(ctx context.Context, q sqlx.QueryerContext, community int, index int64) (c Checkpoint, err error) {
	defer wrap(&err, "transparency.Witnessed(%d, %d)", community, index)
	c, err = find(ctx, q, selectCheckpoint+` AND size > $2 AND number = (SELECT max(number) FROM transparency.cosignature WHERE community_id = $1)`, community, index)
	if errors.Is(err, ErrNoneSealed) {
		c, err = find(ctx, q, selectCheckpoint+` AND size > $2 ORDER BY number DESC LIMIT 1`, community, index)
	}
	if errors.Is(err, ErrNoneSealed) {
		err = fmt.Errorf("%w: leaf %d", ErrNotSealed, index)
	}
	return c, err
}

// Since reads a page of a community's checkpoints after a number, the oldest first.
func Since(ctx context.Context, q sqlx.QueryerContext, community, number, limit int) (some []Checkpoint, err error) {
	defer wrap(&err, "transparency.Since(%d, %d)", community, number)
	var rows []row
	err = sqlx.SelectContext(ctx, q, &rows, selectCheckpoint+` AND number > $2 ORDER BY number LIMIT $3`, community, number, limit)
	for _, r := range rows {
		some = append(some, r.checkpoint())
	}
	return some, err
}

// LastCountersigned reads, by witness, the newest checkpoint that each countersigned.
func LastCountersigned(ctx context.Context, q sqlx.QueryerContext, community int) (last map[int]Countersigned, err error) {
	defer wrap(&err, "transparency.LastCountersigned(%d)", community)
	var rows []struct {
		Countersigned
		Witness int `db:"witness_id"`
	}
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT w.id AS witness_id, s.number, w.title, w.address, w.public_key, s.signed_at, s.line FROM transparency.witness w
		 CROSS JOIN LATERAL (SELECT c.number, c.signed_at, c.line FROM transparency.cosignature c
		                      WHERE c.community_id = w.community_id AND c.witness_id = w.id ORDER BY c.number DESC LIMIT 1) s
		 WHERE w.community_id = $1`, community)
	last = map[int]Countersigned{}
	for _, r := range rows {
		last[r.Witness] = r.Countersigned
	}
	return last, err
}

// DailyCheckpoints reads the last checkpoint of each of the last days on which
// there was one, by the clock of a time zone, the newest first.
func DailyCheckpoints(ctx context.Context, q sqlx.QueryerContext, community int, zone string, since time.Time) (some []Checkpoint, err error) {
	defer wrap(&err, "transparency.DailyCheckpoints(%d)", community)
	var rows []row
	err = sqlx.SelectContext(ctx, q, &rows, `
		SELECT DISTINCT ON ((created_at AT TIME ZONE $2)::date) size, number, root, papers, papers_root, note, created_at
		  FROM transparency.checkpoint WHERE community_id = $1 AND created_at >= $3 ORDER BY (created_at AT TIME ZONE $2)::date DESC, number DESC`, community, zone, since)
	for _, r := range rows {
		some = append(some, r.checkpoint())
	}
	return some, err
}
