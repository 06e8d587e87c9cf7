package page

import (
	"bufio"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	streamsMax     = 5000             // over this, 503: the page works without
	heartbeat      = 20 * time.Second // finds listeners that have gone, keeps proxies from closing
	streamPatience = 10 * time.Second // how long a listener may take to accept one message
)

// Streams tell open pages what has just changed, by server-sent events. A topic is any string, such as "campaign:" and an
// id. A listener holds the latest message it has not sent, and no other: figures replace each other, and one slow
// listener costs nobody anything.
type Streams struct {
	mu     sync.Mutex
	topics map[string]map[chan []byte]bool
	open   int
	done   chan struct{}
	closed sync.Once
}

func newStreams() *Streams {
	return &Streams{topics: map[string]map[chan []byte]bool{}, done: make(chan struct{})}
}

// Publish sends figures, texts by name, to all who listen to a topic in this process. It never waits.
func (s *Streams) Publish(topic string, figures map[string]string) {
	text, err := json.Marshal(figures)
	if err != nil {
		return // a map of strings always marshals
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for listener := range s.topics[topic] {
		select {
		case <-listener: // an older message still waits: this one replaces it
		default:
		}
		listener <- text // has room: only Publish sends, under the lock
	}
}

// Listening counts who listens to a topic, so that nobody needs to compute figures for nobody.
func (s *Streams) Listening(topic string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.topics[topic])
}

// Open counts all open streams.
func (s *Streams) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// Close ends all streams, for a shutdown: browsers come back to another process by themselves.
func (s *Streams) Close() { s.closed.Do(func() { close(s.done) }) }

func (s *Streams) join(topic string) (chan []byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open >= streamsMax {
		return nil, false
	}
	if s.topics[topic] == nil {
		s.topics[topic] = map[chan []byte]bool{}
	}
	listener := make(chan []byte, 1)
	s.topics[topic][listener] = true
	s.open++
	return listener, true
}

func (s *Streams) leave(topic string, listener chan []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	delete(s.topics[topic], listener)
	if len(s.topics[topic]) == 0 {
		delete(s.topics, topic)
	}
}

// Stream answers with the events of a topic until the reader leaves or the process stops.
func Stream(c *fiber.Ctx, topic string) error {
	s := SiteOf(c).Streams
	if c.Method() != fiber.MethodGet {
		return fiber.ErrMethodNotAllowed
	}
	listener, ok := s.join(topic)
	if !ok {
		return fiber.ErrServiceUnavailable
	}
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("X-Accel-Buffering", "no")
	conn := c.Context().Conn()
	c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
		defer s.leave(topic, listener)
		beat := time.NewTicker(heartbeat)
		defer beat.Stop()
		message := []byte("retry: 3000\n\n")
		for {
			// The server's WriteTimeout is for a page; a stream has it for each message.
			if err := conn.SetWriteDeadline(time.Now().Add(streamPatience)); err != nil {
				return
			}
			if _, err := w.Write(message); err != nil || w.Flush() != nil {
				return
			}
			select {
			case <-s.done:
				return
			case <-beat.C:
				message = []byte(":\n\n")
			case text := <-listener:
				message = fmt.Appendf(nil, "data: %s\n\n", text)
			}
		}
	})
	return nil
}
