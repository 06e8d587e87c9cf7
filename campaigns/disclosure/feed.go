package disclosure

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// feedBase32 writes tokens in letters and digits that calendar programs leave alone.
var feedBase32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// MakeFeed gives somebody a new address of the calendar; the one before stops working.
func MakeFeed(ctx context.Context, tx *sqlx.Tx, community int, user uuid.UUID) (token string, err error) {
	defer wrap(&err, "disclosure.MakeFeed(%d)", community)
	secret := make([]byte, 16)
	if _, err = rand.Read(secret); err != nil {
		return "", err
	}
	token = feedBase32.EncodeToString(secret)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO disclosure.feed (community_id, user_id, token) VALUES ($1, $2, $3)
		ON CONFLICT (community_id, user_id) DO UPDATE SET token = EXCLUDED.token, made_at = now()`, community, user, token)
	return token, err
}

// FeedOf reads the address of somebody's calendar; empty where they have none.
func FeedOf(ctx context.Context, q sqlx.QueryerContext, community int, user uuid.UUID) (token string, err error) {
	defer wrap(&err, "disclosure.FeedOf(%d)", community)
	var tokens []string
	err = sqlx.SelectContext(ctx, q, &tokens, `SELECT token FROM disclosure.feed WHERE community_id = $1 AND user_id = $2`, community, user)
	return strings.Join(tokens, ""), err
}

// FeedUser says whose calendar an address is; ErrNotFound.
func FeedUser(ctx context.Context, q sqlx.QueryerContext, community int, token string) (user uuid.UUID, err error) {
	defer wrap(&err, "disclosure.FeedUser(%d)", community)
	var users []uuid.UUID
	err = sqlx.SelectContext(ctx, q, &users, `SELECT user_id FROM disclosure.feed WHERE community_id = $1 AND token = $2`, community, token)
	if err == nil && len(users) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return user, err
	}
	return users[0], nil
}

// ICal writes duties as an iCalendar file (RFC 5545) of whole days, with reminders as calendar programs give them. name is
// the calendar's, say tells a duty in a line, link where to write its report.
func ICal(duties []Duty, name string, now time.Time, domain string, say, link func(Duty) string) string {
	var b strings.Builder
	line := func(key, value string) { fold(&b, key+":"+value) }
	line("BEGIN", "VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//fund//disclosure//ZH")
	line("METHOD", "PUBLISH")
	line("X-WR-CALNAME", icalText(name))
	line("REFRESH-INTERVAL;VALUE=DURATION", "PT12H")
	for _, d := range duties {
		line("BEGIN", "VEVENT")
		line("UID", d.Key()+"@"+domain)
		line("DTSTAMP", now.UTC().Format("20060102T150405Z"))
		line("DTSTART;VALUE=DATE", d.Due.Format("20060102"))
		line("DTEND;VALUE=DATE", d.Due.AddDate(0, 0, 1).Format("20060102"))
		line("SUMMARY", icalText(say(d)))
		line("DESCRIPTION", icalText(d.Rule.Law("zh-CN")))
		line("URL", link(d))
		line("TRANSP", "TRANSPARENT")
		if d.Done == nil {
			line("BEGIN", "VALARM")
			line("ACTION", "DISPLAY")
			line("DESCRIPTION", icalText(say(d)))
			line("TRIGGER", "-P7D")
			line("END", "VALARM")
		}
		line("END", "VEVENT")
	}
	line("END", "VCALENDAR")
	return b.String()
}

var icalText = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r", "", "\n", `\n`).Replace

// fold ends a line as RFC 5545 3.1 wants it: at most 75 bytes, continued after a space, no character torn apart.
func fold(b *strings.Builder, line string) {
	room := 75
	for _, r := range line {
		if n := len(string(r)); n > room {
			b.WriteString("\r\n ")
			room = 74 - n
		} else {
			room -= n
		}
		b.WriteRune(r)
	}
	b.WriteString("\r\n")
}
