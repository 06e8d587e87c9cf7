package web_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"fund/web"

	"github.com/gofiber/fiber/v2"
)

// serve runs the app on loopback; stop ends it as a signal would and gives Serve's error.
func serve(t testing.TB, app *web.App) (base string, stop func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- app.Serve(ctx, listener) }()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = stop() })
	return "http://" + listener.Addr().String(), stop
}

func TestStreamsTellAndEndWithTheProcess(t *testing.T) {
	t.Parallel()
	app, _ := open(t, nil)
	base, stop := serve(t, app)
	const many = 50
	client := &http.Client{Timeout: 10 * time.Second}
	var readers []*bufio.Reader
	for range many {
		r, err := client.Get(base + "/live")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if r.Header.Get("Content-Type") != "text/event-stream" || r.Header.Get("ETag") != "" {
			t.Fatalf("headers %v", r.Header)
		}
		lines := bufio.NewReader(r.Body)
		if line, err := lines.ReadString('\n'); err != nil || line != "retry: 3000\n" {
			t.Fatalf("%q, %v", line, err)
		}
		readers = append(readers, lines)
	}
	if n := app.Pages.Streams.Listening("campaign:1"); n != many {
		t.Errorf("%d listen", n)
	}
	app.Pages.Streams.Publish("campaign:2", map[string]string{"raised": "nobody's"})
	app.Pages.Streams.Publish("campaign:1", map[string]string{"raised": "¥11,232"})
	for _, lines := range readers {
		if line, err := lines.ReadString('}'); err != nil || line != "\ndata: {\"raised\":\"¥11,232\"}" {
			t.Fatalf("%q, %v", line, err)
		}
	}
	start := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	for _, lines := range readers {
		if _, err := io.ReadAll(lines); err != nil {
			t.Fatalf("cut off: %v", err)
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("the end took %v", took)
	}
}

func TestWhatWasAcceptedIsFinished(t *testing.T) {
	t.Parallel()
	begun, finish := make(chan bool), make(chan bool)
	app, _ := open(t, func(c *web.Config) {
		c.Routes = append(c.Routes, web.Route{Method: "GET", Path: "/slow", Handle: func(c *fiber.Ctx) error {
			close(begun)
			<-finish
			return c.SendString("finished")
		}})
	})
	base, stop := serve(t, app)
	said := make(chan string, 1)
	go func() {
		r, err := http.Get(base + "/slow")
		if err != nil {
			said <- err.Error()
			return
		}
		defer r.Body.Close()
		body, _ := io.ReadAll(r.Body)
		said <- string(body)
	}()
	<-begun
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	for { // until nobody new is let in
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			break
		}
		conn.Close()
	}
	close(finish)
	if got := <-said; got != "finished" {
		t.Error(got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
