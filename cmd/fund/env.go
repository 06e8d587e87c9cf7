package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"fund/ledger"
	"fund/migrations"
	"fund/migrations/localpg"
)

// databaseFlags say where the database and the keys are. Commands embed them.
type databaseFlags struct {
	Data     string `env:"FUND_DATA" default:"${data}" placeholder:"DIR" help:"Directory of the private PostgreSQL, used while no database URL is given; default: ${default}."`
	URL      string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"Your own PostgreSQL, as the role fund_app; may list several hosts with target_session_attrs=read-write."`
	OwnerURL string `name:"database-owner-url" env:"DATABASE_OWNER_URL" placeholder:"URL" help:"The same as the schema's owner, for migrations; default: the database URL."`
	ReadURL  string `name:"database-read-url" env:"DATABASE_READ_URL" placeholder:"URL" help:"Standbys for public pages and reports; default: the database URL."`
	Keys     string `env:"FUND_KEYS" placeholder:"DIR" help:"Directory of the keys, the same files for every server; default: keys in the data directory."`
}

// env is what a command has of the outside: databases, keys, a log.
type env struct {
	app    *sqlx.DB // as fund_app
	read   *sqlx.DB // the same, or standbys
	keys   string   // directory
	appURL string   // of app
	log    *slog.Logger

	pg       *localpg.Server // nil where a URL names the database
	ownerURL string
}

// opening is how a command wants the database.
type opening struct {
	alone   bool // refuse a data directory that another process runs; else join it
	create  bool // make the private database if there is none
	migrate bool // this IS the migration: leave the schema as it is
	patient bool // its statements read whole books and may take as long as they need
}

// open connects. A private PostgreSQL that we start ourselves is brought up to date; a database of somebody else's that is
// older than this program is refused.
func (f databaseFlags) open(ctx context.Context, log *slog.Logger, how opening) (_ *env, err error) {
	e := &env{log: log, keys: f.Keys, ownerURL: f.OwnerURL}
	if e.keys == "" {
		e.keys = filepath.Join(f.Data, "keys")
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, e.Close())
		}
	}()
	appURL, readURL, started := f.URL, f.ReadURL, false
	if f.URL == "" {
		if started, err = e.startPrivate(ctx, f.Data, how); err != nil {
			return nil, err
		}
		appURL, e.ownerURL = e.pg.AppURL(localpg.Database), e.pg.OwnerURL(localpg.Database)
	}
	if e.ownerURL == "" {
		e.ownerURL = f.URL
	}
	if !how.migrate {
		if err := e.settleSchema(ctx, started); err != nil {
			return nil, err
		}
	}
	e.appURL = appURL
	if e.app, err = pool(appURL, "DATABASE_URL", how.patient); err != nil {
		return nil, err
	}
	e.read = e.app
	if readURL != "" {
		if e.read, err = pool(readURL, "DATABASE_READ_URL", how.patient); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// startPrivate starts the private PostgreSQL, or joins the one that another process runs.
func (e *env) startPrivate(ctx context.Context, dir string, how opening) (started bool, err error) {
	if !how.create && !hasCluster(dir) {
		return false, failed(
			"There is no database in "+dir+" yet. fund community add makes it; --data or DATABASE_URL names another one.",
			dir+" 里还没有数据库。fund community add 会建好；也可以用 --data 或 DATABASE_URL 指定别处。")
	}
	e.pg, err = localpg.Start(ctx, localpg.Options{DataDir: dir, Log: e.log})
	if errors.Is(err, localpg.ErrInUse) && !how.alone {
		inUse := err
		if e.pg, err = localpg.Join(ctx, dir); err != nil {
			err = inUse // it is on its way up or down: who has it says more
		}
		return false, err
	}
	return err == nil, err
}

func hasCluster(dir string) bool {
	found, _ := filepath.Glob(filepath.Join(dir, "pg[0-9]*", "PG_VERSION"))
	return len(found) > 0
}

// settleSchema brings our own database up to date, and refuses another's that is not.
func (e *env) settleSchema(ctx context.Context, ours bool) error {
	owner, err := e.owner()
	if err != nil {
		return err
	}
	defer owner.Close()
	if ours {
		_, err := migrations.Apply(ctx, owner)
		return err
	}
	pending, err := migrations.Pending(ctx, owner)
	if err == nil && pending > 0 {
		return behind()
	}
	return err
}

// owner connects as the owner of the schema. The caller closes it.
func (e *env) owner() (*sql.DB, error) {
	config, err := pq.NewConfig(e.ownerURL)
	if err != nil {
		return nil, unreadable("DATABASE_OWNER_URL, or else DATABASE_URL,")
	}
	return connect(config)
}

// The bounds of a pool. Connections are renewed now and then, so that after a failover none stays with the old primary.
const (
	connectionsMax   = 32
	connectionIdle   = 5 * time.Minute
	connectionLife   = 30 * time.Minute
	connectPatience  = 5 * time.Second
	statementMax     = "10000" // ms
	idleInTxMax      = "30000" // ms: a transaction that its process forgot holds no locks for longer
	applicationLabel = "fund"
)

// pool opens a pool that bounds every statement. What the connection string says itself is left alone.
func pool(url, name string, patient bool) (*sqlx.DB, error) {
	config, err := pq.NewConfig(url)
	if err != nil {
		return nil, unreadable(name)
	}
	config.BinaryParameters = true // one round trip a statement instead of two
	if config.Runtime == nil {
		config.Runtime = map[string]string{}
	}
	timeout := statementMax
	if patient {
		timeout = "0"
	}
	for setting, value := range map[string]string{
		"statement_timeout": timeout, "idle_in_transaction_session_timeout": idleInTxMax, "jit": "off",
	} {
		if _, set := config.Runtime[setting]; !set {
			config.Runtime[setting] = value
		}
	}
	db, err := connect(config)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connectionsMax)
	db.SetMaxIdleConns(connectionsMax)
	db.SetConnMaxIdleTime(connectionIdle)
	db.SetConnMaxLifetime(connectionLife)
	return sqlx.NewDb(db, "postgres"), nil
}

func connect(config pq.Config) (*sql.DB, error) {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectPatience
	}
	if config.ApplicationName == "" {
		config.ApplicationName = applicationLabel
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connection string: %w", err)
	}
	return sql.OpenDB(connector), nil
}

// unreadable never repeats the string: it may hold a password.
func unreadable(name string) error {
	return usage(
		name+" is not readable as a connection string, such as postgres://fund_app@db1,db2/fund?sslmode=verify-full.",
		name+" 不是看得懂的连接串，例如 postgres://fund_app@db1,db2/fund?sslmode=verify-full。")
}

// Close closes the pools and stops the PostgreSQL that we started.
func (e *env) Close() error {
	var errs []error
	if e.read != nil && e.read != e.app {
		errs = append(errs, e.read.Close())
	}
	if e.app != nil {
		errs = append(errs, e.app.Close())
	}
	if e.pg != nil {
		errs = append(errs, e.pg.Stop())
	}
	return errors.Join(errs...)
}

// inTx runs write in one database transaction.
func (e *env) inTx(ctx context.Context, write func(tx *sqlx.Tx) error) error {
	return ledger.InTx(ctx, e.app, write)
}

// quiet is the log of a command that is not the server: it hears of what goes wrong only.
func quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// readable reads a file that the command line names.
func readable(path string) (string, error) {
	text, err := os.ReadFile(path)
	var reason *fs.PathError
	if errors.As(err, &reason) {
		return "", failed(fmt.Sprintf("%s cannot be read: %v.", path, reason.Err), "读不了 "+path+"。")
	}
	return string(text), err
}

// unwritable says why a file that the command line names was not written.
func unwritable(path string, err error) error {
	var reason *fs.PathError
	if !errors.As(err, &reason) {
		return err
	}
	return failed(fmt.Sprintf("%s cannot be written: %v.", path, reason.Err), "写不了 "+path+"。")
}
