package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/valyala/fasthttp"

	"fund/campaigns/payment"
	"fund/ledger/money"
)

// DonationOptions say how hard to push.
type DonationOptions struct {
	Clients int // connections, each with one notification under way
	Seconds int // of each measured stretch
	Rounds  int // how often yardstick and donations take turns
}

// stretch is what one measured stretch of donations gave.
type stretch struct {
	rate  float64         // a second
	took  []time.Duration // of each notification
	acked []uuid.UUID
}

// Donations sends signed notifications over HTTP to a server of its own and
// writes donations per second, latencies, and last the ratio of the medians to
// the yardstick L. It fails if an acknowledged donation is not stored exactly once.
func Donations(ctx context.Context, out io.Writer, o DonationOptions) (err error) {
	r, err := build(ctx, "")
	if err != nil {
		return err
	}
	defer func() {
		if end := r.close(); err == nil {
			err = end
		}
	}()
	if err := r.serve(ctx); err != nil {
		return err
	}
	var yardsticks, rates []float64
	var all stretch
	for round := range o.Rounds {
		yard, err := r.yardstick(ctx, o.Seconds)
		if err != nil {
			return err
		}
		ids, err := r.pending(ctx, int(1.6*yard)*o.Seconds)
		if err != nil {
			return err
		}
		letters := r.sign(ids)
		before := r.spent()
		got, err := r.push(ctx, letters, o)
		if err != nil {
			return err
		}
		cpu := r.spent().since(before)
		fmt.Fprintf(out, "round %d: L %.0f/s   donations %.0f/s at %d clients   p50 %v   p99 %v\n         %s\n",
			round+1, yard, got.rate, o.Clients, got.quantile(0.50), got.quantile(0.99), cpu.each(len(got.acked)))
		yardsticks, rates = append(yardsticks, yard), append(rates, got.rate)
		all.acked = append(all.acked, got.acked...)
	}
	memory := r.peakMemory()
	if err := r.prove(ctx, all.acked); err != nil {
		return err
	}
	fmt.Fprintf(out, "every one of %d acknowledged donations is stored exactly once; receipts 1 to %d without a gap; postings sum to zero\n",
		len(all.acked), len(all.acked))
	fmt.Fprintf(out, "server memory at most %d MB\n", memory)
	fmt.Fprintf(out, "ratio to L: %.2f\n", median(rates)/median(yardsticks))
	return nil
}

var gift = money.MustParse("50.00")

// pending writes donations down that wait for their payment.
func (r *rig) pending(ctx context.Context, n int) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = uuid.Must(uuid.NewV7())
	}
	_, err := r.owner.ExecContext(ctx, `
		INSERT INTO campaigns.donation (community_id, id, campaign_id, amount, currency, method, payee, created_at)
		SELECT $1, id, $2, $3, 'CNY', 'sandbox', $4, now() FROM unnest($5::uuid[]) id`,
		r.community.ID, r.campaign.ID, gift, payment.SandboxPayee, texts(ids))
	if err == nil {
		_, err = r.owner.ExecContext(ctx, `VACUUM ANALYZE campaigns.donation`)
	}
	return ids, err
}

// letter is a notification ready to be sent: what the payment company did
// before the clock starts.
type letter struct {
	donation uuid.UUID
	signed   payment.Notification
}

func (r *rig) sign(ids []uuid.UUID) []letter {
	letters := make([]letter, len(ids))
	for i, id := range ids {
		letters[i] = r.signOne(id)
	}
	return letters
}

func (r *rig) signOne(id uuid.UUID) letter {
	now := time.Now()
	return letter{id, r.keys.Sign(payment.Event{
		Community: r.community.Slug, Order: id, Reference: "B" + id.String(), State: payment.Paid,
		Amount: gift, Currency: "CNY", Payee: payment.SandboxPayee, At: now,
	}, now)}
}

// push lets the clients send notifications until the time or the letters end.
func (r *rig) push(ctx context.Context, letters []letter, o DonationOptions) (stretch, error) {
	client := &fasthttp.HostClient{Addr: strings.TrimPrefix(r.url, "http://"), MaxConns: o.Clients + 8}
	var next atomic.Int64
	var mu sync.Mutex
	var total stretch
	var failed error
	var wait sync.WaitGroup
	start := time.Now()
	end := start.Add(time.Duration(o.Seconds) * time.Second)
	for range o.Clients {
		wait.Go(func() {
			mine, err := r.client(ctx, client, letters, &next, end)
			mu.Lock()
			defer mu.Unlock()
			total.took, total.acked = append(total.took, mine.took...), append(total.acked, mine.acked...)
			if err != nil {
				failed = err
			}
		})
	}
	wait.Wait()
	total.rate = float64(len(total.acked)) / time.Since(start).Seconds()
	slices.Sort(total.took)
	return total, failed
}

// client is one connection's loop: send, wait for the answer.
func (r *rig) client(ctx context.Context, client *fasthttp.HostClient, letters []letter, next *atomic.Int64, end time.Time) (s stretch, err error) {
	post := r.poster(client)
	for time.Now().Before(end) && ctx.Err() == nil {
		i := int(next.Add(1)) - 1
		if i >= len(letters) {
			return s, nil
		}
		began := time.Now()
		if err := post(letters[i]); err != nil {
			return s, err
		}
		s.took, s.acked = append(s.took, time.Since(began)), append(s.acked, letters[i].donation)
	}
	return s, nil
}

// poster sends notifications one after the other; nil is an acknowledgement.
func (r *rig) poster(client *fasthttp.HostClient) func(letter) error {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	request.Header.SetMethod(fasthttp.MethodPost)
	request.SetRequestURI(r.url + "/c/" + r.community.Slug + "/pay/sandbox/notify")
	request.Header.SetContentType("application/json")
	return func(l letter) error {
		for _, name := range payment.SandboxHeaders {
			request.Header.Set(name, l.signed.Header(name))
		}
		request.SetBodyRaw(l.signed.Body)
		if err := client.Do(request, response); err != nil {
			return err
		}
		if response.StatusCode() != fasthttp.StatusNoContent {
			return fmt.Errorf("bench: the server answered %d: %.300s", response.StatusCode(), response.Body())
		}
		return nil
	}
}

func (s stretch) quantile(q float64) time.Duration {
	if len(s.took) == 0 {
		return 0
	}
	return s.took[int(q*float64(len(s.took)-1))].Round(10 * time.Microsecond)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return 0
	}
	return (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
}
