package sample

import (
	"context"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"

	"fund/campaigns/disclosure"
	"fund/campaigns/webhook"
	"fund/ledger"
)

// hooks registers the district's dashboard and tries it once. What the sample has published is not news to it; what happens in the
// demo from now on is.
func (w *world) hooks(ctx context.Context, tx *sqlx.Tx, now time.Time) error {
	crier := webhook.Crier{BaseURL: w.baseURL, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), Reports: published}
	s, err := webhook.Add(ctx, tx, w.c, webhook.Subscriber{URL: "https://district.example.org/hooks/angong", Events: webhook.Kinds}, crier, "administrator", now)
	if err != nil {
		return err
	}
	return webhook.Test(ctx, tx, w.c.ID, s.ID, now)
}

// published are the reports that are there already.
func published(ctx context.Context, q sqlx.QueryerContext, c ledger.Community, known int) (all []webhook.Happened, err error) {
	list, err := disclosure.PublishedBeyond(ctx, q, c.ID, known)
	for _, d := range list {
		all = append(all, webhook.Happened{Key: webhook.ReportKey(d.Serial(), d.Version), Kind: webhook.ReportIssued})
	}
	return all, err
}
