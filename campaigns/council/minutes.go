package council

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Minutes are the 会议记录 of one meeting: numbered within council and year, and
// never changed.
type Minutes struct {
	CouncilID int       `db:"council_id"`
	Year      int       `db:"year"`
	Number    int       `db:"number"`
	HeldOn    time.Time `db:"held_on"`
	Body      Body      `db:"-"`
	Hash      []byte    `db:"hash"` // SHA-256 of the stored bytes of the body
	MadeAt    time.Time `db:"made_at"`

	Stored string `db:"body"` // the body as it was hashed
}

// Serial is how people write the minutes' number: `2026-003`.
func (m Minutes) Serial() string { return fmt.Sprintf("%d-%03d", m.Year, m.Number) }

// Digest is the hash in hexadecimal.
func (m Minutes) Digest() string { return hex.EncodeToString(m.Hash) }

// Body is all that minutes say.
type Body struct {
	Council Named    `json:"council"`
	Place   string   `json:"place"`
	Notes   string   `json:"notes"`
	Present []Sat    `json:"present"`
	Absent  []Sat    `json:"absent"`
	Motions []Minute `json:"motions"`
}

// Named is a name in both languages.
type Named struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In is the name in the reader's language.
func (n Named) In(lang string) string { return inLanguage(lang, n.ZH, n.EN) }

// Sat is somebody who sat in the council.
type Sat struct {
	Name   string `json:"name"`
	Office Office `json:"office,omitempty"`
}

// Minute is one motion in the minutes.
type Minute struct {
	Serial   string `json:"serial"`
	Title    Named  `json:"title"`
	Text     Named  `json:"text"`
	Kind     Kind   `json:"kind"`
	Amount   string `json:"amount,omitempty"`
	Rule     Rule   `json:"rule"`
	Result   Result `json:"result"`
	Conflict []Said `json:"conflict,omitempty"`
	Open     []Said `json:"votes,omitempty"` // of an open vote online: who voted what
}

// Said is a member's name with a word.
type Said struct {
	Name string `json:"name"`
	Word string `json:"word"`
}

// Meeting is what the secretary tells for the minutes.
type Meeting struct {
	CouncilID int
	HeldOn    time.Time
	Place     string
	Notes     string
	Present   []int       // members' numbers
	Motions   []uuid.UUID // that were voted, each in one minutes only
}

// WriteMinutes writes down a meeting: who was there, what was voted. By the
// chair or the secretary. ErrNoOffice, ErrNothing, ErrState for a motion that is
// not voted, ErrMinuted.
func WriteMinutes(ctx context.Context, tx *sqlx.Tx, c ledger.Community, k Meeting, who string, at time.Time) (m Minutes, err error) {
	defer wrap(&err, "council.WriteMinutes(%d, %d)", c.ID, k.CouncilID)
	if err = officerOf(ctx, tx, c, k.CouncilID, who, at); err != nil {
		return m, err
	}
	if len(k.Motions) == 0 {
		return m, ErrNothing
	}
	m = Minutes{CouncilID: k.CouncilID, Year: k.HeldOn.Year(), HeldOn: k.HeldOn, MadeAt: at}
	if m.Body, err = body(ctx, tx, c.ID, k); err != nil {
		return m, err
	}
	stored, err := json.Marshal(m.Body)
	if err != nil {
		return m, err
	}
	sum := sha256.Sum256(stored)
	m.Stored, m.Hash = string(stored), sum[:]
	if _, err = tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('motions ' || $1::int || ' ' || $2::int, 0))`, c.ID, k.CouncilID); err != nil {
		return m, err
	}
	err = tx.GetContext(ctx, &m.Number, `
		INSERT INTO council.minutes (community_id, council_id, year, number, held_on, body, hash, made_by, made_at)
		SELECT $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7, $8 FROM council.minutes WHERE community_id = $1 AND council_id = $2 AND year = $3
		RETURNING number`, c.ID, k.CouncilID, m.Year, iso(k.HeldOn), m.Stored, m.Hash, who, at)
	if err != nil {
		return m, err
	}
	for _, id := range k.Motions {
		if _, err = tx.ExecContext(ctx, `INSERT INTO council.minuted (community_id, motion_id, council_id, year, number) VALUES ($1, $2, $3, $4, $5)`,
			c.ID, id, k.CouncilID, m.Year, m.Number); err != nil {
			return m, err
		}
	}
	return m, nil
}

// body gathers what the minutes say.
func body(ctx context.Context, q sqlx.QueryerContext, community int, k Meeting) (b Body, err error) {
	var of Council
	if err = sqlx.GetContext(ctx, q, &of, councilQuery+` AND id = $2`, community, k.CouncilID); err != nil {
		return b, err
	}
	b = Body{Council: Named{of.NameZH, of.NameEN}, Place: k.Place, Notes: k.Notes}
	sit, err := Members(ctx, q, community, k.CouncilID, k.HeldOn)
	if err != nil {
		return b, err
	}
	came := map[int]bool{}
	for _, n := range k.Present {
		came[n] = true
	}
	for _, m := range sit {
		if came[m.Number] {
			b.Present = append(b.Present, Sat{m.Name, m.Office})
		} else {
			b.Absent = append(b.Absent, Sat{m.Name, m.Office})
		}
	}
	for _, id := range k.Motions {
		minute, err := minuteOf(ctx, q, community, k.CouncilID, id)
		if err != nil {
			return b, err
		}
		b.Motions = append(b.Motions, minute)
	}
	return b, nil
}

func minuteOf(ctx context.Context, q sqlx.QueryerContext, community, council int, id uuid.UUID) (n Minute, err error) {
	m, err := MotionAt(ctx, q, community, id)
	if err != nil {
		return n, err
	}
	if m.CouncilID != council || !m.Voted() {
		return n, ErrState
	}
	n = Minute{Serial: m.Serial(), Title: Named{m.TitleZH, m.TitleEN}, Text: Named{m.TextZH, m.TextEN}, Kind: m.Kind}
	if m.Amount != nil {
		n.Amount = m.Amount.String()
	}
	if n.Rule, err = RuleOf(ctx, q, community, council, *m.RuleN); err != nil {
		return n, err
	}
	if n.Result, err = ResultOf(ctx, q, community, id); err != nil {
		return n, err
	}
	roll, err := Roll(ctx, q, community, id)
	for _, v := range roll {
		if v.Conflict != "" {
			n.Conflict = append(n.Conflict, Said{v.Name, v.Conflict})
		}
		if v.Choice != "" {
			n.Open = append(n.Open, Said{v.Name, string(v.Choice)})
		}
	}
	return n, err
}

const minutesQuery = `SELECT council_id, year, number, held_on, body, hash, made_at FROM council.minutes WHERE community_id = $1`

// FindMinutes reads a council's minutes by their number, `2026-003`; ErrNotFound.
func FindMinutes(ctx context.Context, q sqlx.QueryerContext, community, council int, serial string) (m Minutes, err error) {
	defer wrap(&err, "council.FindMinutes(%d, %d, %s)", community, council, serial)
	year, number, ok := ledger.ParseSerial(serial)
	if !ok {
		return m, ErrNotFound
	}
	err = sqlx.GetContext(ctx, q, &m, minutesQuery+` AND council_id = $2 AND year = $3 AND number = $4`, community, council, year, number)
	if err == nil {
		err = json.Unmarshal([]byte(m.Stored), &m.Body)
	}
	return m, err
}

// ListMinutes reads a council's minutes without their bodies, the latest first; of all councils for 0.
func ListMinutes(ctx context.Context, q sqlx.QueryerContext, community, council int) (list []Minutes, err error) {
	defer wrap(&err, "council.ListMinutes(%d, %d)", community, council)
	err = sqlx.SelectContext(ctx, q, &list, minutesQuery+` AND $2 IN (0, council_id) ORDER BY held_on DESC, number DESC`, community, council)
	return list, err
}

// Unminuted reads a council's motions that are voted and in no minutes yet.
func Unminuted(ctx context.Context, q sqlx.QueryerContext, community, council int) (list []Motion, err error) {
	defer wrap(&err, "council.Unminuted(%d, %d)", community, council)
	err = sqlx.SelectContext(ctx, q, &list, motionQuery+` AND council_id = $2 AND state IN ('passed', 'failed', 'no_quorum', 'escalated')
		AND NOT EXISTS (SELECT FROM council.minuted x WHERE x.community_id = motion.community_id AND x.motion_id = motion.id) ORDER BY year, number`, community, council)
	return list, err
}
