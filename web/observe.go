package web

import (
	"context"
	"net"
	"strconv"
	"time"

	"fund/web/page"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// observe answers errors, then counts, times and logs the request. The log has the route's pattern, not the path: a
// receipt's token or a search for a name stands in path and query. What a program sent and we took leaves its traces in the
// books, and no line: a payment company sends a thousand a second.
func (a *App) observe() fiber.Handler {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "fund_http_request_seconds", Help: "Time to answer a request, by method, route and status.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"method", "route", "status"})
	streams := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "fund_http_streams", Help: "Event streams that are open.",
	}, func() float64 { return float64(a.Pages.Streams.Open()) })
	a.Metrics.MustRegister(seconds, streams, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	return func(c *fiber.Ctx) error {
		start := time.Now()
		if err := c.Next(); err != nil {
			if err := page.Fail(c, err); err != nil {
				return err
			}
		}
		took, status, route := time.Since(start), c.Response().StatusCode(), c.Route().Path
		if status == fiber.StatusNotFound && c.Route().Path == "/" {
			route = "none"
		}
		seconds.WithLabelValues(c.Method(), route, strconv.Itoa(status)).Observe(took.Seconds())
		if a.machines[c.Route().Path] && status < fiber.StatusMultipleChoices {
			return nil
		}
		community := ""
		if found := page.Of(c).Community; found != nil {
			community = found.Slug
		}
		a.log.Info("request", "id", c.Locals("requestid"), "method", c.Method(), "route", route, "community", community,
			"status", status, "ms", took.Milliseconds())
		return nil
	}
}

// healthz says that the process lives.
func (a *App) healthz(c *fiber.Ctx) error { return c.SendString("ok\n") }

// readyz says whether it can do its work: 503 with the word, and nothing about why, where it cannot.
func (a *App) readyz(c *fiber.Ctx) error {
	if a.config.Ready != nil {
		ctx, cancel := context.WithTimeout(c.UserContext(), time.Second)
		defer cancel()
		if err := a.config.Ready(ctx); err != nil {
			a.log.Warn("not ready", "err", err)
			return c.Status(fiber.StatusServiceUnavailable).SendString("not ready\n")
		}
	}
	return c.SendString("ready\n")
}

// metrics answers a collector on this machine, and 404 to everybody else.
func (a *App) metrics() fiber.Handler {
	show := adaptor.HTTPHandler(promhttp.HandlerFor(a.Metrics, promhttp.HandlerOpts{}))
	return func(c *fiber.Ctx) error {
		if !local(c.Context().RemoteAddr()) || c.Get(fiber.HeaderXForwardedFor) != "" || c.Get("Forwarded") != "" {
			return page.ErrNotFound
		}
		return show(c)
	}
}

// local is this machine: loopback, or a Unix socket.
func local(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return !ok || tcp.IP.IsLoopback()
}
