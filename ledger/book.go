package ledger

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Book is what a verb has to know of a community's books before it posts: which
// account serves which purpose, and on which day something is entered. Reading
// it is one round trip, once a batch.
type Book struct {
	community Community
	accounts  map[Purpose]int
	closed    map[string]bool // months, as "2006-01-02" of their first day
}

// OpenBook reads a community's purposes, time zone and closed months; ErrNotFound.
func OpenBook(ctx context.Context, q sqlx.QueryerContext, community int) (b Book, err error) {
	defer wrap(&err, "ledger.OpenBook(%d)", community)
	var months, purposes pq.StringArray
	var timezone *string
	err = q.QueryRowxContext(ctx, `SELECT timezone, closed, purposes FROM ledger.open_book($1)`, community).Scan(&timezone, &months, &purposes)
	if err != nil {
		return b, err
	}
	if timezone == nil {
		return b, ErrNotFound
	}
	b.community.Timezone = *timezone
	b.closed = make(map[string]bool, len(months))
	for _, month := range months {
		b.closed[month] = true
	}
	b.accounts = make(map[Purpose]int, len(purposes))
	for _, pair := range purposes {
		purpose, id, _ := strings.Cut(pair, " ")
		if b.accounts[Purpose(purpose)], err = strconv.Atoi(id); err != nil {
			return b, err
		}
	}
	return b, nil
}

// Account is the id of the account with a purpose; ErrUnknownAccount if the
// community has none.
func (b Book) Account(p Purpose) (int, error) {
	if id, ok := b.accounts[p]; ok {
		return id, nil
	}
	return 0, fmt.Errorf("%w: none has the purpose %q", ErrUnknownAccount, p)
}

// EntryDate is the day at an instant or, where that month is closed, the day
// now.
func (b Book) EntryDate(at, now time.Time) time.Time {
	day := b.community.Day(at)
	if b.closed[MonthOf(day).Format(time.DateOnly)] {
		return b.community.Day(now)
	}
	return day
}

// zones remembers time zones by name: loading one reads a file.
var zones sync.Map

func zone(name string) *time.Location {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		z = time.FixedZone("UTC+8", 8*60*60)
	}
	zones.Store(name, z)
	return z
}
