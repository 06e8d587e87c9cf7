package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
)

// webhookRoutes are where subscribers' programs are registered.
func webhookRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	manage := right(auth.ManageCommunity)
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/webhooks", Handle: p.Webhooks, Right: manage},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/webhooks", Handle: p.AddWebhook, Right: manage},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/webhooks/:subscriber", Handle: p.Webhook, Right: manage},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/webhooks/:subscriber", Handle: p.ChooseEvents, Right: manage},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/webhooks/:subscriber/secret", Handle: p.ToWebhook, Right: manage},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/webhooks/:subscriber/secret", Handle: p.RotateSecret, Right: manage},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/webhooks/:subscriber/:step", Handle: p.ToWebhook, Right: manage},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/webhooks/:subscriber/:step", Handle: p.MoveWebhook, Right: manage},
	}
}
