package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
	"fund/ledger"
)

// kind is that of the messages in the outbox.
const kind = "webhook"

const (
	// FailuresMax in a row pause a subscriber.
	FailuresMax = 10
	triesMax    = 12 // of one message
	answerMax   = 4 << 10
)

// Sender calls the subscribers.
type Sender struct {
	DB     *sqlx.DB
	Key    []byte       // the server's own secret, of which each subscriber's is made
	Client *http.Client // nil: Guarded(false)
	// Pretend writes down what would be sent as if it had arrived: a demo calls nobody.
	Pretend bool
	Now     func() time.Time

	busy sync.Map // subscriber → struct{}: one call at a time
}

// Secret is what a subscriber checks messages with, as Standard Webhooks writes it. It is shown once, and can be made again.
func (s *Sender) Secret(community int, of Subscriber) string {
	return "whsec_" + base64.StdEncoding.EncodeToString(s.secret(community, of.ID, of.Turn))
}

func (s *Sender) secret(community int, id uuid.UUID, turn int) []byte {
	h := hmac.New(sha256.New, s.Key)
	fmt.Fprintf(h, "webhook\n%d\n%s\n%d", community, id, turn)
	return h.Sum(nil)
}

// Handlers is the work that this package leaves in the outbox.
func Handlers(s *Sender) map[string]outbox.Handler {
	if s.Client == nil {
		s.Client = Guarded(false)
	}
	return map[string]outbox.Handler{kind: s.deliver}
}

// work is a delivery with all that it takes.
type work struct {
	Subscriber
	Event uuid.UUID       `db:"event_id"`
	Kind  string          `db:"kind"`
	At    time.Time       `db:"at"`
	Data  json.RawMessage `db:"data"`
	Slug  string          `db:"slug"`
	Tries int             `db:"tries"`
	Stand string          `db:"delivery_state"`
}

// deliver tries a message once. Who does not answer rests, and everything else that waits for them with it.
func (s *Sender) deliver(ctx context.Context, m outbox.Message) (err error) {
	defer wrap(&err, "webhook")
	var w work
	err = s.DB.GetContext(ctx, &w, `
		SELECT s.id, s.url, s.events, s.state, s.why, s.turn, s.turned_at, s.failures, s.rests_until, s.reached_at, s.made_by, s.made_at,
		       e.id AS event_id, e.kind, e.at, e.data, c.slug, d.tries, d.state AS delivery_state
		  FROM webhook.delivery d
		  JOIN webhook.subscriber s ON s.community_id = d.community_id AND s.id = d.subscriber_id
		  JOIN webhook.event e ON e.community_id = d.community_id AND e.id = d.event_id
		  JOIN ledger.community c ON c.id = d.community_id
		 WHERE d.community_id = $1 AND d.id = $2`, m.CommunityID, m.ID)
	switch {
	case errors.Is(err, sql.ErrNoRows): // forgotten meanwhile
		return nil
	case err != nil:
		return err
	case w.Stand != "waiting":
		return nil
	case w.State == Removed || w.State == Paused && w.Kind != test:
		return s.inTx(ctx, func(tx *sqlx.Tx) error { return drop(ctx, tx, m.CommunityID, w.ID) })
	case w.Kind != test && w.RestsUntil != nil && w.RestsUntil.After(s.Now()):
		return outbox.Later{At: *w.RestsUntil}
	}
	if _, taken := s.busy.LoadOrStore(w.ID, struct{}{}); taken {
		return outbox.Later{At: s.Now().Add(time.Second)}
	}
	defer s.busy.Delete(w.ID)
	began := s.Now()
	status, problem := s.call(ctx, m.CommunityID, w)
	return s.record(ctx, m, w, status, problem, s.Now().Sub(began))
}

func (s *Sender) inTx(ctx context.Context, verb func(tx *sqlx.Tx) error) error {
	return ledger.InTx(ctx, s.DB, verb)
}

// body is what is sent.
func (w work) body() ([]byte, error) {
	return json.Marshal(struct {
		ID        uuid.UUID       `json:"id"`
		Type      string          `json:"type"`
		Timestamp time.Time       `json:"timestamp"`
		Community string          `json:"community"`
		Data      json.RawMessage `json:"data"`
	}{w.Event, w.Kind, w.At.UTC(), w.Slug, w.Data})
}

// signature signs as Standard Webhooks does: id, time and body, with the secret and, for a while after a rotation, with the one
// before.
func (s *Sender) signature(community int, w work, stamp string, body []byte) string {
	turns := []int{w.Turn}
	if w.Turn > 1 && s.Now().Before(w.TurnedAt.Add(Overlap)) {
		turns = append(turns, w.Turn-1)
	}
	var all []string
	for _, turn := range turns {
		h := hmac.New(sha256.New, s.secret(community, w.ID, turn))
		fmt.Fprintf(h, "%s.%s.", w.Event, stamp)
		h.Write(body)
		all = append(all, "v1,"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}
	return strings.Join(all, " ")
}

// call sends a message. problem is empty where it arrived; it is a word of ours, for the log.
func (s *Sender) call(ctx context.Context, community int, w work) (status int, problem string) {
	body, err := w.body()
	if err != nil {
		return 0, "message"
	}
	if s.Pretend {
		return http.StatusNoContent, ""
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(body))
	if err != nil {
		return 0, "address"
	}
	stamp := strconv.FormatInt(s.Now().Unix(), 10)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "fund-webhook/1")
	request.Header.Set("Webhook-Id", w.Event.String())
	request.Header.Set("Webhook-Timestamp", stamp)
	request.Header.Set("Webhook-Signature", s.signature(community, w, stamp, body))
	response, err := s.Client.Do(request)
	if err != nil {
		return 0, problemOf(err)
	}
	defer response.Body.Close()
	_, _ = io.CopyN(io.Discard, response.Body, answerMax) // what they say is not ours to keep
	switch {
	case response.StatusCode >= 300 && response.StatusCode < 400:
		return response.StatusCode, "redirect"
	case response.StatusCode < 200 || response.StatusCode >= 400:
		return response.StatusCode, "status"
	}
	return response.StatusCode, ""
}

// record writes down how a try went, and what follows for the subscriber.
func (s *Sender) record(ctx context.Context, m outbox.Message, w work, status int, problem string, took time.Duration) error {
	now, tries := s.Now(), w.Tries+1
	last := problem == "" || w.Kind == test || tries >= triesMax
	var again time.Time
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		state := map[bool]string{true: "done", false: "waiting"}[problem == ""]
		if last && problem != "" {
			state = "dropped"
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE webhook.delivery SET state = $3, tries = $4, status = nullif($5, 0), problem = $6, took_ms = $7, tried_at = $8
			 WHERE community_id = $1 AND id = $2`, m.CommunityID, m.ID, state, tries, status, problem, took.Milliseconds(), now)
		switch {
		case err != nil:
			return err
		case problem == "":
			_, err = tx.ExecContext(ctx, `UPDATE webhook.subscriber SET failures = 0, rests_until = NULL, reached_at = $3 WHERE community_id = $1 AND id = $2`,
				m.CommunityID, w.ID, now)
			return err
		case w.Kind == test:
			return nil
		}
		again = now.Add(rest(w.Failures + 1))
		_, err = tx.ExecContext(ctx, `UPDATE webhook.subscriber SET failures = failures + 1, rests_until = $3 WHERE community_id = $1 AND id = $2`, m.CommunityID, w.ID, again)
		if err != nil || w.State != Active {
			return err
		}
		switch {
		case status == http.StatusGone:
			return pause(ctx, tx, m.CommunityID, w.ID, "gone")
		case w.Failures+1 >= FailuresMax:
			return pause(ctx, tx, m.CommunityID, w.ID, "failures")
		}
		return nil
	})
	if err != nil || last {
		return err
	}
	return outbox.Later{At: again}
}

// rest is the pause after so many failures in a row: 10 s, doubled each time up to an hour, a fifth more or less.
func rest(failures int) time.Duration {
	pause := min(10*time.Second<<min(failures-1, 9), time.Hour)
	return pause - pause/5 + rand.N(2*pause/5)
}
