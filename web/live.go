package web

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/web/page"
	"fund/web/public"
)

const (
	liveChannel = "fund_changed"
	livePulse   = 150 * time.Millisecond // changes are gathered this long, however many there are
)

// Live tells open pages, cached pages and the other processes that figures of
// a campaign moved. What it says is only a hint: the books say what happened.
type Live struct {
	db      *sqlx.DB
	site    *page.Site
	figures func(ctx context.Context, community, campaign int) (map[string]string, error)
	log     *slog.Logger
	self    string // marks our own notices

	mu    sync.Mutex
	dirty map[change]bool
}

// change is a campaign of a community; campaign 0 is the community as a whole.
type change struct{ community, campaign int }

// NewLive makes a Live. figures reads what a campaign's open pages show; it is
// asked only while somebody listens.
func NewLive(db *sqlx.DB, site *page.Site, log *slog.Logger, figures func(ctx context.Context, community, campaign int) (map[string]string, error)) *Live {
	return &Live{db: db, site: site, figures: figures, log: log, self: strconv.FormatInt(time.Now().UnixNano(), 36), dirty: map[change]bool{}}
}

// Changed notes that something of a community moved; it never waits.
func (l *Live) Changed(community, campaign int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dirty[change{community, campaign}] = true
}

// Run passes changes on until ctx ends. dsn is a connection string on which to
// hear what other processes change; empty hears nothing.
func (l *Live) Run(ctx context.Context, dsn string) {
	heard := make(<-chan *pq.Notification)
	if dsn != "" {
		listener := pq.NewListener(dsn, time.Second, time.Minute, nil)
		defer listener.Close()
		if err := listener.Listen(liveChannel); err != nil {
			l.log.Warn("other servers' changes are not heard; pages are at most as old as the cache allows", "error", err)
		}
		heard = listener.NotificationChannel()
	}
	pulse := time.NewTicker(livePulse)
	defer pulse.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-heard:
			l.hear(ctx, n)
		case <-pulse.C:
			l.pass(ctx)
		}
	}
}

func (l *Live) pass(ctx context.Context) {
	l.mu.Lock()
	changes := l.dirty
	l.dirty = map[change]bool{}
	l.mu.Unlock()
	if len(changes) == 0 {
		return
	}
	words := []string{l.self}
	for c := range maps.Keys(changes) {
		l.show(ctx, c)
		words = append(words, fmt.Sprintf("%d:%d", c.community, c.campaign))
	}
	if _, err := l.db.ExecContext(ctx, `SELECT pg_notify($1, $2)`, liveChannel, strings.Join(words[:min(len(words), 200)], " ")); err != nil && ctx.Err() == nil {
		l.log.Warn("other servers were not told of a change", "error", err)
	}
}

func (l *Live) hear(ctx context.Context, n *pq.Notification) {
	if n == nil {
		return // the connection was renewed: the cache's own age limit covers what was missed
	}
	words := strings.Fields(n.Extra)
	if len(words) == 0 || words[0] == l.self {
		return
	}
	for _, word := range words[1:] {
		var c change
		if _, err := fmt.Sscanf(word, "%d:%d", &c.community, &c.campaign); err == nil {
			l.show(ctx, c)
		}
	}
}

func (l *Live) show(ctx context.Context, c change) {
	l.site.Cache.Bump(c.community)
	topic := public.LiveTopic(c.community, c.campaign)
	if l.site.Streams.Listening(topic) == 0 {
		return
	}
	figures, err := l.figures(ctx, c.community, c.campaign)
	if err != nil {
		l.log.Warn("a campaign's figures were not read", "error", err)
		return
	}
	l.site.Streams.Publish(topic, figures)
}
