package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
	"fund/web"
	"fund/web/auth"
)

func readAll(t *testing.T, r *http.Response) string {
	t.Helper()
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// dial opens a bare connection.
func (w *town) dial() net.Conn {
	w.Helper()
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(w.base, "http://"), 5*time.Second)
	w.must(err)
	w.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}

// raw sends bytes as they are and gives the first answer's status and the whole of what came.
func (w *town) raw(request string) (status int, all string) {
	w.Helper()
	conn := w.dial()
	_, _ = io.WriteString(conn, request) // the server may hang up in the middle
	if half, ok := conn.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
	b, _ := io.ReadAll(conn)
	_, _ = fmt.Sscanf(string(b), "HTTP/1.1 %d", &status)
	return status, string(b)
}

// pace is how long the slowest of west's pages takes while nobody is slow: what this machine can do, with all that runs beside it.
// East's pages are not asked for, so none of them is kept ready.
func (w *town) pace() (slowest time.Duration) {
	w.Helper()
	for _, path := range visited(w.west) {
		began := time.Now()
		r, err := http.Get(w.base + path)
		w.must(err)
		if readAll(w.T, r); r.StatusCode != http.StatusOK {
			w.Fatalf("%s, before anything: %d", path, r.StatusCode)
		}
		slowest = max(slowest, time.Since(began))
	}
	return slowest
}

// visited are the pages that somebody wants to see meanwhile.
func visited(e estate) []string {
	return []string{e.at(""), e.at("/campaigns/" + e.campaign.Slug), e.at("/ledger?q=x"), "/readyz"}
}

// quick fails unless a page is answered while others are slow, within six seconds of what the machine takes without them.
func (w *town) quick(while string, pace time.Duration) {
	w.Helper()
	client := &http.Client{Timeout: 6*time.Second + pace}
	for _, path := range visited(w.east) {
		r, err := client.Get(w.base + path)
		if err != nil {
			w.Errorf("%s, while %s: %v", path, while, err)
			continue
		}
		if readAll(w.T, r); r.StatusCode != http.StatusOK {
			w.Errorf("%s, while %s: %d", path, while, r.StatusCode)
		}
	}
}

func TestAbuseSlowClients(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	pace, start := w.pace(), time.Now()
	var slow []net.Conn
	for i := range 200 {
		conn := w.dial()
		slow = append(slow, conn)
		begin := "GET /c/east HTTP/1.1\r\nHost: x\r\nX-a: "
		if i%2 == 0 {
			begin = "POST /c/east/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\na"
		}
		_, err := io.WriteString(conn, begin)
		w.must(err)
	}
	w.quick("200 write a byte and wait", pace)
	for _, conn := range slow {
		_, _ = io.Copy(io.Discard, conn) // until the server hangs up
	}
	if took := time.Since(start); took > 25*time.Second {
		t.Errorf("the slow were kept for %v", took)
	}
}

func TestAbuseManyStreams(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	pace := w.pace()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	client := &http.Client{Transport: &http.Transport{}}
	for range 500 {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, w.base+w.east.at("/campaigns/"+w.east.campaign.Slug+"/live"), nil)
		w.must(err)
		response, err := client.Do(r)
		w.must(err)
		defer response.Body.Close()
		if line, err := bufio.NewReader(response.Body).ReadString('\n'); err != nil || line != "retry: 3000\n" {
			t.Fatalf("%q, %v", line, err)
		}
	}
	w.quick("500 streams are open", pace)
	if got := w.browser().order(w.east, "5"); got.String() == "" {
		t.Error("no gift")
	}
}

func TestAbuseBodies(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	treasurer := w.staff(auth.Treasurer, w.east)
	big := strings.Repeat("a", web.BodyMax+1)
	for _, path := range []string{"/login", w.east.at("/verify"), w.east.at("/campaigns/" + w.east.campaign.Slug + "/donations"), w.east.at("/pay/sandbox/notify")} {
		if got := w.browser().post(path, map[string][]string{"a": {big}}); got.StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	if got := treasurer.post(w.east.at("/desk/cash"), map[string][]string{"a": {big}}); got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("the desk: %d", got.StatusCode)
	}
	// Who may not upload is told so before the upload is read.
	for _, path := range []string{w.east.at("/desk/campaigns/1/picture"), w.east.at("/desk/campaigns/new")} {
		conn := w.dial()
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 200000\r\n\r\n%s", path, strings.Repeat("a", 70000))
		_ = conn.SetReadDeadline(time.Now().Add(4 * time.Second))
		if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, " 303 ") {
			t.Errorf("%s waits for a stranger's upload: %q, %v", path, line, err)
		}
	}
}

func TestAbuseWire(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	before := w.stand()
	long := strings.Repeat("a", 40<<10)
	for _, c := range []struct {
		request string
		status  []int
	}{
		{"GET /static/0/../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 404}},
		{"GET /static/0/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 404}},
		{"GET /static/../web.key HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 404}},
		{"GET /static/0/..%5c..%5cweb.key HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 404}},
		{"PUT /c/east HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", []int{404, 405}},
		{"DELETE /c/east/verify HTTP/1.1\r\nHost: x\r\n\r\n", []int{404, 405}},
		{"TRACE / HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n\r\n", []int{404, 405}},
		{"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 404, 405}},
		{"PROPFIND /c/east HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 404, 405, 501}},
		{"GET /c/east/desk/cash HTTP/1.1\r\nHost: x\r\nX-HTTP-Method-Override: POST\r\n\r\n", []int{303}},
		{"GET /c/\xff\x00 HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 404}},
		{"GET /c/east/campaigns/\xff HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 404}},
		{"GET /c/east/funds/%00 HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 404}},
		{"GET /" + long + " HTTP/1.1\r\nHost: x\r\n\r\n", []int{400, 404, 414, 431}},
		{"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + long + "\r\n\r\n", []int{400, 431}},
		{"GET / HTTP/1.1\r\nHost: x\r\nCookie: fund_session=" + strings.Repeat("a", 9000) + "\r\n\r\n", []int{200}},
		{"GET /readyz HTTP/9.9\r\nHost: x\r\n\r\n", []int{200, 400, 505}},
		{"nonsense\r\n\r\n", []int{400}},
		{"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", []int{0, 400, 408}},
	} {
		status, all := w.raw(c.request)
		ok := false
		for _, want := range c.status {
			ok = ok || status == want
		}
		if !ok || strings.Contains(all, "root:") || strings.Contains(strings.ToLower(all), "cookie: a=b") {
			t.Errorf("%.80q: %d %.300s", c.request, status, all)
		}
	}
	// A body that hides a second request is a body, and nothing else.
	for _, head := range []string{
		"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s",
		"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n%s",
	} {
		hidden := "GET /c/east/log/key HTTP/1.1\r\nHost: x\r\n\r\n"
		if _, all := w.raw(fmt.Sprintf(head, len(hidden), hidden)); strings.Contains(head, "chunked") == false && strings.Contains(all, "fund.test") {
			t.Errorf("%.40q let a second request through: %.500s", head, all)
		}
	}
	if after := w.stand(); after != before {
		t.Errorf("%s became %s", before, after)
	}
}

// Who takes whole books and never reads them leaves room for everybody else.
func TestAbuseSlowDownloads(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	long, day := strings.Repeat("账", 200), ledger.Day(2017, 12, 5)
	for range 8 { // more than fits on the way
		batch := make([]ledger.Entry, 1000)
		for i := range batch {
			batch[i] = w.manual(w.east, day, long)
			batch[i].Detail = long
		}
		w.do(func(tx *sqlx.Tx) error {
			_, err := ledger.Post(t.Context(), tx, w.east.ID, batch...)
			return err
		})
	}
	pace := w.pace()
	for i := range connectionsMax + 8 {
		if i%20 == 0 {
			_, err := w.Owner.Exec(`DELETE FROM auth.rate_limit`) // as if from many addresses
			w.must(err)
		}
		conn := w.dial()
		w.must(conn.(*net.TCPConn).SetReadBuffer(4 << 10))
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", w.east.at("/ledger.journal"))
		if i < 8 { // it has begun, however long that takes here
			w.must(conn.SetReadDeadline(time.Now().Add(time.Minute)))
			_, err := conn.Read(make([]byte, 16))
			w.must(err)
		}
	}
	w.quick("40 take the book and read nothing", pace)
}
