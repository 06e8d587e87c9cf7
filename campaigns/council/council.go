package council

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

// Level says whose council it is.
type Level string

// The levels, from the smallest up.
const (
	Compound  Level = "compound"  // 院落
	Group     Level = "group"     // 居民小组
	Community Level = "community" // 社区
)

// Levels lists them.
var Levels = []Level{Compound, Group, Community}

// Council is a 议事会.
type Council struct {
	ID        int       `db:"id"`
	Slug      string    `db:"slug"`
	Level     Level     `db:"level"`
	ParentID  *int      `db:"parent_id"` // nil for the community's own
	NameZH    string    `db:"name_zh"`
	NameEN    string    `db:"name_en"`
	FoundedOn time.Time `db:"founded_on"`
}

// Name is the council's name in the reader's language.
func (k Council) Name(lang string) string { return inLanguage(lang, k.NameZH, k.NameEN) }

// Share is a share of members or votes, exactly.
type Share struct{ Num, Den int }

// Rule is how a council decides.
type Rule struct {
	N               int       `db:"n"` // 1, 2, 3 … within the council; the last holds
	QuorumNum       int       `db:"quorum_num"`
	QuorumDen       int       `db:"quorum_den"`
	MajorityNum     int       `db:"majority_num"`
	MajorityDen     int       `db:"majority_den"`
	MajorityOver    bool      `db:"majority_over"`    // more than that share of the valid votes, abstentions among them; else that share or more
	Secret          bool      `db:"secret"`           // nobody learns who voted what
	ConflictedCount bool      `db:"conflicted_count"` // who declared a conflict counts in what the quorum is a share of
	SetAt           time.Time `db:"set_at"`
}

// Quorum is the share of the members who have to take part.
func (r Rule) Quorum() Share { return Share{r.QuorumNum, r.QuorumDen} }

// Majority is the share of the valid votes that have to be in favour.
func (r Rule) Majority() Share { return Share{r.MajorityNum, r.MajorityDen} }

// Office is what a member does beside voting.
type Office string

// The offices; most members have none.
const (
	NoOffice  Office = ""
	Chair     Office = "chair"     // 召集人
	Secretary Office = "secretary" // 记录人
)

// Member is a seat in a council, for a term.
type Member struct {
	CouncilID   int       `db:"council_id"`
	Number      int       `db:"number"` // 1, 2, 3 … within the council
	Name        string    `db:"name"`
	Office      Office    `db:"office"`
	UserSubject string    `db:"user_subject"` // the log-in that votes for the seat: `user:7`; empty: on paper alone
	FromOn      time.Time `db:"from_on"`
	UntilOn     time.Time `db:"until_on"` // the last day
}

// In tells whether the member sits on a day.
func (m Member) In(day time.Time) bool { return !day.Before(m.FromOn) && !day.After(m.UntilOn) }

// AddCouncil founds a council with its first rule. ErrExists.
func AddCouncil(ctx context.Context, tx *sqlx.Tx, community int, k Council, r Rule, who string) (_ Council, err error) {
	defer wrap(&err, "council.AddCouncil(%d, %s)", community, k.Slug)
	err = tx.GetContext(ctx, &k.ID, `
		INSERT INTO council.council (community_id, id, slug, level, parent_id, name_zh, name_en, founded_on)
		SELECT $1, coalesce(max(id), 0) + 1, $2, $3, $4, $5, $6, $7 FROM council.council WHERE community_id = $1 RETURNING id`,
		community, k.Slug, k.Level, k.ParentID, k.NameZH, k.NameEN, iso(k.FoundedOn))
	if err != nil {
		return k, err
	}
	return k, SetRule(ctx, tx, community, k.ID, r, who)
}

// SetRule gives a council another rule, for the votes opened from then on.
func SetRule(ctx context.Context, tx *sqlx.Tx, community, council int, r Rule, who string) (err error) {
	defer wrap(&err, "council.SetRule(%d, %d)", community, council)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO council.rule (community_id, council_id, n, quorum_num, quorum_den, majority_num, majority_den, majority_over, secret, conflicted_count, set_by, set_at)
		SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM council.rule WHERE community_id = $1 AND council_id = $2`,
		community, council, r.QuorumNum, r.QuorumDen, r.MajorityNum, r.MajorityDen, r.MajorityOver, r.Secret, r.ConflictedCount, who, r.SetAt)
	return err
}

// Seat gives somebody a seat in a council for a term. ErrSeat.
func Seat(ctx context.Context, tx *sqlx.Tx, community int, m Member) (_ Member, err error) {
	defer wrap(&err, "council.Seat(%d, %d)", community, m.CouncilID)
	err = tx.GetContext(ctx, &m.Number, `
		INSERT INTO council.member (community_id, council_id, number, name, office, user_subject, from_on, until_on)
		SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7 FROM council.member WHERE community_id = $1 AND council_id = $2 RETURNING number`,
		community, m.CouncilID, m.Name, m.Office, m.UserSubject, iso(m.FromOn), iso(m.UntilOn))
	return m, err
}

// EndTerm says which day is a member's last. ErrNotFound.
func EndTerm(ctx context.Context, tx *sqlx.Tx, community, council, number int, last time.Time) (err error) {
	defer wrap(&err, "council.EndTerm(%d, %d, %d)", community, council, number)
	if err = moved(tx.ExecContext(ctx, `UPDATE council.member SET until_on = $4 WHERE community_id = $1 AND council_id = $2 AND number = $3`,
		community, council, number, iso(last))); err == ErrState {
		err = ErrNotFound
	}
	return err
}

// LetVote says which log-in votes for a seat; none for an empty one: on paper
// alone. ErrSeat, ErrNotFound.
func LetVote(ctx context.Context, tx *sqlx.Tx, community, council, number int, user string) (err error) {
	defer wrap(&err, "council.LetVote(%d, %d, %d)", community, council, number)
	if err = moved(tx.ExecContext(ctx, `UPDATE council.member SET user_subject = $4 WHERE community_id = $1 AND council_id = $2 AND number = $3`,
		community, council, number, user)); err == ErrState {
		err = ErrNotFound
	}
	return err
}

// HandOver says which day is a member's last and which log-in votes for the seat
// until then, and seats a successor from the next day with the same office, where
// next has a name. ErrSeat, ErrNotFound.
func HandOver(ctx context.Context, tx *sqlx.Tx, community int, m, next Member) (err error) {
	defer wrap(&err, "council.HandOver(%d, %d, %d)", community, m.CouncilID, m.Number)
	if err = EndTerm(ctx, tx, community, m.CouncilID, m.Number, m.UntilOn); err != nil {
		return err
	}
	if err = LetVote(ctx, tx, community, m.CouncilID, m.Number, m.UserSubject); err != nil || next.Name == "" {
		return err
	}
	next.CouncilID, next.Office, next.FromOn = m.CouncilID, m.Office, m.UntilOn.AddDate(0, 0, 1)
	_, err = Seat(ctx, tx, community, next)
	return err
}

const councilQuery = `SELECT id, slug, level, parent_id, name_zh, name_en, founded_on FROM council.council WHERE community_id = $1`

// ListCouncils reads the councils, the community's first.
func ListCouncils(ctx context.Context, q sqlx.QueryerContext, community int) (list []Council, err error) {
	defer wrap(&err, "council.ListCouncils(%d)", community)
	err = sqlx.SelectContext(ctx, q, &list, councilQuery+` ORDER BY array_position('{community,group,compound}'::text[], level), id`, community)
	return list, err
}

// FindCouncil reads a council by its slug; ErrNotFound.
func FindCouncil(ctx context.Context, q sqlx.QueryerContext, community int, slug string) (k Council, err error) {
	defer wrap(&err, "council.FindCouncil(%d, %s)", community, slug)
	err = sqlx.GetContext(ctx, q, &k, councilQuery+` AND slug = $2`, community, slug)
	return k, err
}

// RuleOf reads a council's rule number n, the one that holds for n = 0; ErrNotFound.
func RuleOf(ctx context.Context, q sqlx.QueryerContext, community, council, n int) (r Rule, err error) {
	defer wrap(&err, "council.RuleOf(%d, %d, %d)", community, council, n)
	err = sqlx.GetContext(ctx, q, &r, `
		SELECT n, quorum_num, quorum_den, majority_num, majority_den, majority_over, secret, conflicted_count, set_at
		  FROM council.rule WHERE community_id = $1 AND council_id = $2 AND $3 IN (0, n) ORDER BY n DESC LIMIT 1`, community, council, n)
	return r, err
}

// Members reads who sits in the councils on a day, of one council or, for 0, of
// all: chair and secretary first.
func Members(ctx context.Context, q sqlx.QueryerContext, community, council int, day time.Time) (list []Member, err error) {
	defer wrap(&err, "council.Members(%d, %d)", community, council)
	err = sqlx.SelectContext(ctx, q, &list, `
		SELECT council_id, number, name, office, user_subject, from_on, until_on FROM council.member
		 WHERE community_id = $1 AND $2 IN (0, council_id) AND $3 BETWEEN from_on AND until_on
		 ORDER BY council_id, array_position('{chair,secretary}'::text[], office), number`, community, council, iso(day))
	return list, err
}

// memberOf is the seat that a log-in has in a council on a day; ErrNoMember.
func memberOf(ctx context.Context, q sqlx.QueryerContext, community, council int, who string, day time.Time) (Member, error) {
	all, err := Members(ctx, q, community, council, day)
	for _, m := range all {
		if m.UserSubject == who && who != "" {
			return m, nil
		}
	}
	if err == nil {
		err = ErrNoMember
	}
	return Member{}, err
}

// officerOf is memberOf for the chair and the secretary; ErrNoOffice.
func officerOf(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, council int, who string, at time.Time) error {
	m, err := memberOf(ctx, q, c.ID, council, who, c.Day(at))
	if err == nil && m.Office == NoOffice {
		err = ErrNoOffice
	}
	return err
}

func iso(day time.Time) string { return day.Format(time.DateOnly) }
