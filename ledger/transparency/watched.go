package transparency

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"
)

// Watched is another community's log, whose checkpoints we countersign.
type Watched struct {
	ID         int        `db:"id"`
	Title      string     `db:"title"`
	Origin     string     `db:"origin"` // the first line of its checkpoints
	PublicKey  string     `db:"public_key"`
	AddedBy    string     `db:"added_by"`
	AddedAt    time.Time  `db:"added_at"`
	EndedAt    *time.Time `db:"ended_at"`
	Size       int64      `db:"size"` // of the last one countersigned
	Note       string     `db:"note"` // that one; empty before the first
	CosignedAt *time.Time `db:"cosigned_at"`
}

const selectWatched = `
	SELECT id, title, origin, public_key, added_by, added_at, ended_at, size, note, cosigned_at FROM transparency.watched WHERE community_id = $1`

// AddWatched puts a log on the list of those we countersign. ErrWitnessKnown if
// its origin stands there.
func AddWatched(ctx context.Context, tx *sqlx.Tx, community int, w Watched) (_ Watched, err error) {
	defer wrap(&err, "transparency.AddWatched(%d, %s)", community, w.Origin)
	if _, err := ParseVerifier(w.PublicKey); err != nil {
		return w, err
	}
	err = sqlx.GetContext(ctx, tx, &w.ID, `
		INSERT INTO transparency.watched (community_id, id, title, origin, public_key, added_by, added_at)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6 FROM transparency.watched WHERE community_id = $1 RETURNING id`,
		community, w.Title, w.Origin, strings.TrimSpace(w.PublicKey), w.AddedBy, w.AddedAt)
	return w, taken(err)
}

// WatchedLogs reads the list, those that ended too.
func WatchedLogs(ctx context.Context, q sqlx.QueryerContext, community int) (all []Watched, err error) {
	defer wrap(&err, "transparency.WatchedLogs(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, selectWatched+` ORDER BY id`, community)
	return all, err
}

// EndWatched countersigns a log no more. ErrWitnessNotFound.
func EndWatched(ctx context.Context, tx *sqlx.Tx, community, id int, at time.Time) (err error) {
	defer wrap(&err, "transparency.EndWatched(%d, %d)", community, id)
	return one(tx.ExecContext(ctx, `UPDATE transparency.watched SET ended_at = $3 WHERE community_id = $1 AND id = $2 AND ended_at IS NULL`, community, id, at))
}

// ResumeWatched countersigns an ended one again. ErrWitnessNotFound.
func ResumeWatched(ctx context.Context, tx *sqlx.Tx, community, id int) (err error) {
	defer wrap(&err, "transparency.ResumeWatched(%d, %d)", community, id)
	return one(tx.ExecContext(ctx, `UPDATE transparency.watched SET ended_at = NULL WHERE community_id = $1 AND id = $2 AND ended_at IS NOT NULL`, community, id))
}

// Countersign countersigns a checkpoint of a watched log that continues the last
// one, and remembers it. size is that of the last one, whatever comes of it, for
// who asked with another old one. ErrUnknownLog, ErrSignature, ErrMalformed, and
// what Continues refuses. Commit in the case of ErrForked too: the proof of it is
// kept.
func Countersign(ctx context.Context, tx *sqlx.Tx, community int, as Cosigner, old int64, path []tlog.Hash, signed string, now time.Time) (line string, size int64, err error) {
	defer wrap(&err, "transparency.Countersign(%d)", community)
	origin, _, _ := strings.Cut(signed, "\n")
	var w Watched
	err = tx.GetContext(ctx, &w, selectWatched+` AND origin = $2 AND ended_at IS NULL FOR UPDATE`, community, origin)
	if errors.Is(err, sql.ErrNoRows) {
		return "", 0, ErrUnknownLog
	}
	if err != nil {
		return "", 0, err
	}
	by, err := ParseVerifier(w.PublicKey)
	if err != nil {
		return "", w.Size, err
	}
	next, err := OpenCheckpoint(signed, by)
	if err != nil {
		return "", w.Size, err
	}
	var last Checkpoint
	if w.Note != "" {
		if last, err = OpenCheckpoint(w.Note, by); err != nil {
			return "", w.Size, err
		}
	}
	if err = next.Continues(last, old, path); err != nil {
		return "", w.Size, errors.Join(err, keepFork(ctx, tx, community, w.ID, last, next, now))
	}
	if line, err = as.Cosign(signed, now); err != nil {
		return "", w.Size, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE transparency.watched SET size = $3, note = $4, cosigned_at = $5 WHERE community_id = $1 AND id = $2`,
		community, w.ID, next.Size, signed, now)
	return line, next.Size, err
}

// keepFork keeps two checkpoints of one size that contradict each other.
func keepFork(ctx context.Context, tx *sqlx.Tx, community, watched int, last, next Checkpoint, now time.Time) error {
	for _, tree := range []Tree{Entries, Papers} {
		found, err := tree.SameSize(last, next)
		if err != nil {
			continue
		}
		digest := sha256.Sum256([]byte(found.Text()))
		_, err = tx.ExecContext(ctx, `
			INSERT INTO transparency.fork (community_id, digest, watched_id, proof, found_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			community, digest[:], watched, found.Text(), now)
		return err
	}
	return nil
}

// FoundFork is a fork of a watched log that we were shown.
type FoundFork struct {
	Digest []byte    `db:"digest"`
	Title  string    `db:"title"` // of the log
	Origin string    `db:"origin"`
	Proof  string    `db:"proof"`
	At     time.Time `db:"found_at"`
}

// Name tells the fork from others in an address.
func (f FoundFork) Name() string { return fmt.Sprintf("%x", f.Digest) }

// Forks reads the forks that a community was shown as a witness, the newest first.
func Forks(ctx context.Context, q sqlx.QueryerContext, community int) (all []FoundFork, err error) {
	defer wrap(&err, "transparency.Forks(%d)", community)
	err = sqlx.SelectContext(ctx, q, &all, `
		SELECT f.digest, w.title, w.origin, f.proof, f.found_at FROM transparency.fork f
		  JOIN transparency.watched w ON w.community_id = f.community_id AND w.id = f.watched_id
		 WHERE f.community_id = $1 ORDER BY f.found_at DESC LIMIT 100`, community)
	return all, err
}
