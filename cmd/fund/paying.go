package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"fund/campaigns"
	"fund/ledger"
	"fund/ledger/money"
	"fund/web/auth"
	"fund/web/public"
)

// largeWait is how long a large gift is looked at before it may be paid.
const largeWait = 5 * time.Second

// fillTime: nobody fills in a gift's form faster. Real money only: pretend money has no cards to try.
const fillTime = 2 * time.Second

// defaultLargeGift is from where on a gift is shown once more, unless the operator says otherwise.
const defaultLargeGift = "10000"

// parseLargeGift reads the operator's limit; 0 shows no gift twice.
func parseLargeGift(text string) (money.Amount, error) {
	limit, err := money.Parse(text)
	if err != nil {
		return limit, usage(
			"--large-gift "+text+" is not an amount in yuan, such as 10000; 0 shows no gift twice.",
			"--large-gift "+text+" 不是金额（元），例如 10000；0 表示不再多看一眼。")
	}
	return limit, nil
}

// brakes gives the donors' pages their second look at large gifts and, where real money is taken, what stops programs that try
// cards.
func brakes(donors *public.Pages, e *env, gate *auth.Gate, o siteOptions) {
	donors.LargeGift, donors.LargeWait = o.largeGift, largeWait
	if o.sandbox {
		return
	}
	donors.FillTime = fillTime
	donors.Allow = func(c *fiber.Ctx, what string, tries int, window time.Duration) (bool, time.Duration, error) {
		return gate.Allow(c.UserContext(), e.app, what+":"+auth.FromRequest(c).Subscriber(), tries, window)
	}
}

// notifyURL is where a provider tells us about a community's payments and refunds.
func notifyURL(baseURL string) func(c ledger.Community, provider string) string {
	return func(c ledger.Community, provider string) string {
		return baseURL + "/c/" + c.Slug + "/pay/" + provider + "/notify"
	}
}

// settleRefunds asks the companies about refunds they have not finished, until ctx ends.
func settleRefunds(ctx context.Context, e *env, following campaigns.Following) {
	for ctx.Err() == nil {
		communities, err := ledger.ListCommunities(ctx, e.app)
		for _, c := range communities {
			if stuck := following.SettleRefunds(ctx, c, time.Now()); stuck != nil {
				err = stuck
			}
		}
		if err != nil && ctx.Err() == nil {
			e.log.WarnContext(ctx, "settle refunds", slog.Any("err", err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(settleEvery):
		}
	}
}
