package ledger

import (
	"context"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Calendar says on which day of the books something that happened is entered.
type Calendar struct {
	community Community
	closed    map[string]bool // months, as "2006-01-02" of their first day
}

// OpenCalendar reads a community's time zone and closed months; ErrNotFound.
func OpenCalendar(ctx context.Context, q sqlx.QueryerContext, community int) (c Calendar, err error) {
	defer wrap(&err, "ledger.OpenCalendar(%d)", community)
	var months pq.StringArray
	err = q.QueryRowxContext(ctx, `
		SELECT c.timezone, array(SELECT to_char(p.month, 'YYYY-MM-DD') FROM ledger.period p
		                          WHERE p.community_id = c.id AND p.closed_at IS NOT NULL)
		  FROM ledger.community c WHERE c.id = $1`, community).Scan(&c.community.Timezone, &months)
	c.closed = make(map[string]bool, len(months))
	for _, month := range months {
		c.closed[month] = true
	}
	return c, missing(err)
}

// EntryDate is the day at an instant or, where that month is closed, the day
// now.
func (c Calendar) EntryDate(at, now time.Time) time.Time {
	day := c.community.Day(at)
	if c.closed[MonthOf(day).Format(time.DateOnly)] {
		return c.community.Day(now)
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
