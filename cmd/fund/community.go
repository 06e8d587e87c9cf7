package main

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/ledger"
)

type communityCmd struct {
	Add  communityAddCmd  `cmd:"" help:"Open the books of a new community."`
	List communityListCmd `cmd:"" help:"List the communities of this installation."`
}

type communityAddCmd struct {
	databaseFlags `embed:""`
	Slug          string `required:"" help:"Its name in addresses: a-z, 0-9 and -, beginning with a letter, 2 to 40 characters."`
	NameZH        string `name:"name-zh" required:"" help:"Chinese name, such as 弓长社区."`
	NameEN        string `name:"name-en" required:"" help:"English name."`
	Standard      string `required:"" enum:"${standards}" help:"Accounting standard, which decides the chart of accounts: ${enum}."`
	Currency      string `default:"CNY" help:"ISO 4217 code; default: CNY."`
	Timezone      string `default:"Asia/Shanghai" help:"IANA time zone; entry dates are days there."`
	PlaceZH       string `name:"place-zh" help:"Where it is, in Chinese, such as 合肥市瑶海区."`
	PlaceEN       string `name:"place-en" help:"Where it is, in English."`
	AddressZH     string `name:"address-zh" help:"Address of the office, in Chinese."`
	AddressEN     string `name:"address-en" help:"Address of the office, in English."`
	Phone         string `help:"Telephone of the office."`
}

var (
	slugForm     = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`) // the database's community_slug_form
	currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)
)

// sensible refuses what the database would refuse, in words.
func (a *communityAddCmd) sensible() error {
	if !slugForm.MatchString(a.Slug) {
		return usage(
			fmt.Sprintf("The slug %q cannot stand in an address: take a-z, 0-9 and -, beginning with a letter, 2 to 40 characters.", a.Slug),
			fmt.Sprintf("%q 不能用在网址里：用 a-z、0-9 和 -，字母开头，2 到 40 个字符。", a.Slug))
	}
	if strings.TrimSpace(a.NameZH) == "" || strings.TrimSpace(a.NameEN) == "" {
		return usage("The community needs a name in both languages: --name-zh and --name-en.", "中英文名称都要写：--name-zh 和 --name-en。")
	}
	if !currencyForm.MatchString(a.Currency) {
		return usage(fmt.Sprintf("%q is no currency code, such as CNY.", a.Currency), fmt.Sprintf("%q 不是货币代码，例如 CNY。", a.Currency))
	}
	if _, err := time.LoadLocation(a.Timezone); err != nil {
		return usage(fmt.Sprintf("%q is no time zone, such as Asia/Shanghai.", a.Timezone), fmt.Sprintf("%q 不是时区，例如 Asia/Shanghai。", a.Timezone))
	}
	return nil
}

// Run opens the books.
func (a *communityAddCmd) Run(ctx context.Context, out io.Writer) error {
	if err := a.sensible(); err != nil {
		return err
	}
	e, err := a.open(ctx, quiet(), opening{create: true})
	if err != nil {
		return err
	}
	defer e.Close()
	var c ledger.Community
	err = e.inTx(ctx, func(tx *sqlx.Tx) (err error) {
		c, err = ledger.AddCommunity(ctx, tx, ledger.Community{
			Slug: a.Slug, NameZH: a.NameZH, NameEN: a.NameEN, PlaceZH: a.PlaceZH, PlaceEN: a.PlaceEN, AddressZH: a.AddressZH,
			AddressEN: a.AddressEN, Phone: a.Phone, Currency: a.Currency, Standard: a.Standard, Timezone: a.Timezone,
		})
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Community %d, %s, has its books by %s. %s的账本已经建好。\n", c.ID, c.Slug, c.Standard, c.NameZH)
	return err
}

type communityListCmd struct {
	databaseFlags `embed:""`
}

// Run lists all communities by id.
func (l *communityListCmd) Run(ctx context.Context, out io.Writer) error {
	e, err := l.open(ctx, quiet(), opening{})
	if err != nil {
		return err
	}
	defer e.Close()
	all, err := ledger.ListCommunities(ctx, e.read)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, c := range all {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", c.ID, c.Slug, c.Standard, c.Currency, c.NameEN, c.NameZH)
	}
	return table.Flush()
}
