package main

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/outbox"
	"fund/campaigns/webhook"
	"fund/ledger"
	"fund/web/issue"
)

// companyWork are the kinds that wait for a payment company, reportWork those that draw for long.
var (
	companyWork = []string{"refund_payment", "return_payment"}
	reportWork  = []string{"report_due", "report_issued"}
)

// lanes divide what the outbox holds by whom it waits for: letters for the mail server, money for a payment company, reports
// for this machine, and what subscribers are told for each of them. What hangs in one delays nothing in another.
func lanes(e *env, work map[string]outbox.Handler, hooks *webhook.Sender) []outbox.Lane {
	options := outbox.Options{Log: e.log}
	all := []outbox.Lane{{Handlers: work, Options: options}}
	for _, kinds := range [][]string{companyWork, reportWork} {
		apart := map[string]outbox.Handler{}
		for _, kind := range kinds {
			if handle, ok := work[kind]; ok {
				apart[kind] = handle
				delete(work, kind)
			}
		}
		if len(apart) > 0 {
			all = append(all, outbox.Lane{Handlers: apart, Options: options})
		}
	}
	options.Workers = 4
	return append(all, outbox.Lane{Handlers: webhook.Handlers(hooks), Options: options})
}

// newCrier looks for what subscribers want to be told.
func newCrier(e *env, baseURL string) webhook.Crier {
	return webhook.Crier{DB: e.app, BaseURL: baseURL, Now: time.Now, Log: e.log, Reports: func(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, known int) (all []webhook.Happened, err error) {
		list, err := disclosure.PublishedBeyond(ctx, q, c.ID, known)
		for _, d := range list {
			at := issue.DocumentURL(baseURL, c, d)
			all = append(all, webhook.Happened{Key: webhook.ReportKey(d.Serial(), d.Version), Kind: webhook.ReportIssued, Data: map[string]any{
				"serial": d.Serial(), "version": d.Version, "kind": d.Content.Kind, "title": map[string]string{"zh": d.TitleZH, "en": d.TitleEN}, "page": at, "pdf": at + "/document.pdf",
			}})
		}
		return all, err
	}}
}
