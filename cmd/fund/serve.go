package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"syscall"
)

type serveCmd struct {
	databaseFlags `embed:""`
	Addr          string   `env:"FUND_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen, behind a proxy with TLS; default: ${default}."`
	BaseURL       string   `name:"base-url" env:"FUND_BASE_URL" placeholder:"URL" help:"Where readers reach it, such as https://fund.example.org; default: the address it listens on."`
	LogName       string   `env:"FUND_LOG_NAME" default:"fund.local" placeholder:"NAME" help:"Name of this installation in its public log, such as fund.example.org; never change it; default: ${default}."`
	Proxies       []string `name:"proxy" env:"FUND_PROXIES" placeholder:"ADDR" help:"Addresses or networks of proxies whose X-Forwarded-For is believed."`
	Sandbox       bool     `env:"FUND_SANDBOX" help:"Take pretend money: for training, never beside a real provider."`
}

// Run serves until Ctrl-C or SIGTERM.
func (s *serveCmd) Run(ctx context.Context) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	listener, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return notListening(s.Addr, err)
	}
	defer listener.Close()
	e, err := s.open(ctx, log, opening{alone: true, create: true})
	if err != nil {
		return err
	}
	options := siteOptions{baseURL: s.BaseURL, logName: s.LogName, proxies: s.Proxies, sandbox: s.Sandbox}
	if options.baseURL == "" {
		options.baseURL = "http://" + listener.Addr().String()
	}
	announce := func() {
		log.Info("serving", "url", options.baseURL, "addr", listener.Addr().String(), "version", version())
	}
	err = e.serve(ctx, listener, options, announce)
	log.Info("stopped")
	return errors.Join(err, e.Close())
}

// serve puts the site together, announces it, and answers until ctx ends, or the private PostgreSQL is gone.
func (e *env) serve(ctx context.Context, listener net.Listener, o siteOptions, announce func()) error {
	a, err := newApp(ctx, e, o)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if e.pg != nil {
		go func() {
			select {
			case <-e.pg.Done():
				cancel(errDatabaseGone)
			case <-ctx.Done():
			}
		}()
	}
	announce()
	err = a.serve(ctx, listener)
	if errors.Is(context.Cause(ctx), errDatabaseGone) {
		return failed("PostgreSQL ended by itself. See postgres.log in "+e.pg.DataDir+".", "PostgreSQL 自己停了。看 "+e.pg.DataDir+" 里的 postgres.log。")
	}
	return err
}

var errDatabaseGone = errors.New("the private PostgreSQL is gone")

func notListening(addr string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return failed(addr+" is taken by another program. Choose another one: --addr.", addr+" 已被别的程序占用。换一个：--addr")
	}
	return usage(fmt.Sprintf("Cannot listen on %s: %v.", addr, errors.Unwrap(err)), "不能在 "+addr+" 上提供服务。")
}
