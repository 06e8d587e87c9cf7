package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"syscall"
)

type serveCmd struct {
	databaseFlags `embed:""`
	Addr          string   `env:"FUND_ADDR" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen, behind a proxy with TLS; default: ${default}."`
	BaseURL       string   `name:"base-url" env:"FUND_BASE_URL" placeholder:"URL" help:"Where readers reach it, such as https://fund.example.org; default: the address it listens on."`
	LogName       string   `env:"FUND_LOG_NAME" default:"fund.local" placeholder:"NAME" help:"Name of this installation in its public log, such as fund.example.org; never change it; default: ${default}."`
	Proxies       []string `name:"proxy" env:"FUND_PROXIES" placeholder:"ADDR" help:"Addresses or networks of proxies whose X-Forwarded-For is believed."`
	Sandbox       bool     `env:"FUND_SANDBOX" help:"Take pretend money: for training, never beside a real provider."`
	LargeGift     string   `name:"large-gift" env:"FUND_LARGE_GIFT" default:"10000" placeholder:"YUAN" help:"From here on a gift is shown once more before it is paid, for five seconds; 0 never; default: ${default}."`
	SMTP          string   `name:"smtp" env:"FUND_SMTP_URL" placeholder:"URL" help:"Server that takes letters: smtp://user:password@host:587 (STARTTLS, required but on this machine) or smtps://host:465. With a password in it, set it in the environment or put it into a file, FUND_SMTP_URL_FILE; default: no letters, and no page offers them."`
	MailFrom      string   `name:"mail-from" env:"FUND_MAIL_FROM" placeholder:"ADDRESS" help:"Address that letters come from, such as gongzhang@example.org; needed with --smtp."`
}

// Help tells of the settings that have no flag: keys do not belong on a command line, where everybody on the machine reads them.
func (*serveCmd) Help() string {
	return `Real money is taken where it is configured. Each of these is a variable with the value itself, or, with _FILE at its end, with the path of a file that holds it:

    WeChat Pay 微信支付 (APIv3)
    FUND_WECHAT_APPID            APPID
    FUND_WECHAT_MCHID            商户号
    FUND_WECHAT_SERIAL           商户API证书序列号
    FUND_WECHAT_KEY              商户私钥 apiclient_key.pem
    FUND_WECHAT_APIV3_KEY        APIv3密钥
    FUND_WECHAT_PLATFORM_KEY     微信支付公钥 pub_key.pem
    FUND_WECHAT_PLATFORM_SERIAL  微信支付公钥ID

    Alipay 支付宝 (公钥模式)
    FUND_ALIPAY_APPID            应用APPID
    FUND_ALIPAY_SELLER           收款账号 2088…
    FUND_ALIPAY_KEY              应用私钥
    FUND_ALIPAY_PUBLIC_KEY       支付宝公钥

    Bank transfer 银行转账
    FUND_TRANSFER_HOLDER         户名
    FUND_TRANSFER_BANK           开户行
    FUND_TRANSFER_ACCOUNT        账号

    FUND_WECHAT_URL and FUND_ALIPAY_URL name other gateways of the companies.

Programs that try cards are braked where real money is taken: an address starts at most 60 gifts a minute, and 10 of less than ¥10 for one campaign in ten minutes; a campaign with 200 such gifts unpaid within ten minutes takes no more of them until its paid ones catch up; a form that comes back within two seconds, or with a field that nobody sees, is refused. All of them are answered 429, try again in a minute.`
}

// serveMemory is where the collector begins to work harder, so that a server under load stays below 300 MB; a large file may
// still take what it needs. GOMEMLIMIT says otherwise.
const serveMemory = 200 << 20

// serveGarbage lets garbage grow to three times what lives, up to serveMemory: collecting less often leaves more for donations.
const serveGarbage = 300

// Run serves until Ctrl-C or SIGTERM.
func (s *serveCmd) Run(ctx context.Context) error {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(serveMemory)
		debug.SetGCPercent(serveGarbage)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	listener, err := net.Listen("tcp", s.Addr)
	if err != nil {
		return notListening(s.Addr, err)
	}
	defer listener.Close()
	smtp, err := smtpURL(s.SMTP)
	if err != nil {
		return err
	}
	e, err := s.open(ctx, log, opening{alone: true, create: true})
	if err != nil {
		return err
	}
	largeGift, err := parseLargeGift(s.LargeGift)
	if err != nil {
		return errors.Join(err, e.Close())
	}
	options := siteOptions{largeGift: largeGift, baseURL: s.BaseURL, logName: s.LogName, proxies: s.Proxies, sandbox: s.Sandbox, smtp: smtp, mailFrom: s.MailFrom}
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
