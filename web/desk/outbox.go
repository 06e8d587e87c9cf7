package desk

import (
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"fund/campaigns/outbox"
	"fund/web/auth"
	"fund/web/page"
)

const outboxPage = 100

type outboxView struct {
	Dead, Waiting []outboxRow
	MayRetry      bool
}

type outboxRow struct {
	outbox.Message
	Work string // what is to be done
}

// Outbox lists the work that was given up, and what waits.
func (p *Pages) Outbox(c *fiber.Ctx) error {
	ctx, here := c.UserContext(), page.Of(c).Community.ID
	dead, err := outbox.Dead(ctx, p.DB, here, outboxPage)
	if err != nil {
		return err
	}
	waiting, err := outbox.Pending(ctx, p.DB, here, outboxPage)
	if err != nil {
		return err
	}
	return page.Render(c, "desk/outbox", outboxView{outboxRows(c, dead), outboxRows(c, waiting), can(c, auth.Reconcile)})
}

func outboxRows(c *fiber.Ctx, messages []outbox.Message) (rows []outboxRow) {
	for _, m := range messages {
		rows = append(rows, outboxRow{m, word(c, "outbox.kind", m.Kind)})
	}
	return rows
}

// RetryMessage gives work that was given up all its attempts again.
func (p *Pages) RetryMessage(c *fiber.Ctx) error {
	id, err := uuid.Parse(page.ReadForm(c).Typed("message"))
	if err != nil {
		return page.ErrNotFound
	}
	err = p.act(c, "outbox.retry", "message:"+id.String(), nil, func(tx *sqlx.Tx, _ string) error {
		return outbox.Retry(c.UserContext(), tx, page.Of(c).Community.ID, id)
	})
	if err != nil {
		return err
	}
	return page.Done(c, "/desk/outbox", "outbox.retried")
}
