package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// galaRoutes are an evening's pages for its guests: seats, tickets, lots.
func galaRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/sales/:sale/seats/:code", Handle: p.Seats},
		{Method: fiber.MethodPost, Path: "/c/:community/sales/:sale/seats/:code", Handle: p.KeepSeats, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/seats/:token", Handle: p.MySeats},
		{Method: fiber.MethodGet, Path: "/c/:community/seats/:token/tickets.pdf", Handle: p.MySeatsPDF, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/seats/:token/cancellation", Handle: p.Upward},
		{Method: fiber.MethodPost, Path: "/c/:community/seats/:token/cancellation", Handle: p.LeaveSeats},
		{Method: fiber.MethodGet, Path: "/c/:community/tickets/:token", Handle: p.Ticket},
		{Method: fiber.MethodGet, Path: "/c/:community/tickets/:token/ticket.pdf", Handle: p.TicketPDF, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/s/:token/tickets", Handle: p.SoldTickets},
		{Method: fiber.MethodGet, Path: "/s/:token/tickets.pdf", Handle: p.SoldTicketsPDF, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/sales/:sale/lots/:code", Handle: p.AuctionLot},
		{Method: fiber.MethodPost, Path: "/c/:community/sales/:sale/lots/:code", Handle: p.JoinAuction, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/bidders/:token", Handle: p.Bidder},
		{Method: fiber.MethodGet, Path: "/c/:community/bidders/:token/bids", Handle: p.Upward},
		{Method: fiber.MethodPost, Path: "/c/:community/bidders/:token/bids", Handle: p.Bid},
	}
}

// galaDeskRoutes are the staff's pages about tickets, the door and the auction.
func galaDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	const at = "/c/:community/desk/sales/:place"
	read, found, sell, lead := right(auth.ReadDesk), right(auth.ManageSale), right(auth.SellAtTill), right(auth.LeadShift)
	return []Route{
		{Method: fiber.MethodGet, Path: at + "/plan/:item", Handle: p.SeatPlan, Right: found},
		{Method: fiber.MethodPost, Path: at + "/plan/:item", Handle: p.PlanSeats, Right: found},
		{Method: fiber.MethodGet, Path: at + "/tickets", Handle: p.Tickets, Right: sell},
		{Method: fiber.MethodPost, Path: at + "/tickets", Handle: p.SellTickets, Right: sell},
		{Method: fiber.MethodGet, Path: at + "/tickets/:order", Handle: p.Order, Right: sell},
		{Method: fiber.MethodGet, Path: at + "/tickets/:order/tickets.pdf", Handle: p.OrderPDF, Right: sell},
		{Method: fiber.MethodGet, Path: at + "/tickets/:order/payment", Handle: p.Upward, Right: read},
		{Method: fiber.MethodPost, Path: at + "/tickets/:order/payment", Handle: p.PayOrder, Right: sell},
		{Method: fiber.MethodGet, Path: at + "/tickets/:order/cancellation", Handle: p.Upward, Right: read},
		{Method: fiber.MethodPost, Path: at + "/tickets/:order/cancellation", Handle: p.CancelOrder, Right: sell},
		{Method: fiber.MethodGet, Path: at + "/tickets/:order/seat", Handle: p.Upward, Right: read},
		{Method: fiber.MethodPost, Path: at + "/tickets/:order/seat", Handle: p.Reseat, Right: sell},
		{Method: fiber.MethodGet, Path: at + "/door", Handle: p.EventDoor, Right: sell},
		{Method: fiber.MethodPost, Path: at + "/door", Handle: p.Admit, Right: sell},
		{Method: fiber.MethodGet, Path: at + "/door/list", Handle: p.DoorList, Right: sell},
		{Method: fiber.MethodGet, Path: at + "/lots", Handle: p.Lots, Right: sell},
		{Method: fiber.MethodPost, Path: at + "/lots", Handle: p.AddBidder, Right: sell},
		{Method: fiber.MethodGet, Path: at + "/lots/auction", Handle: p.Upward, Right: read},
		{Method: fiber.MethodPost, Path: at + "/lots/auction", Handle: p.SetAuction, Right: lead},
		{Method: fiber.MethodGet, Path: at + "/lots/:item", Handle: p.AuctionLot, Right: sell},
		{Method: fiber.MethodPost, Path: at + "/lots/:item", Handle: p.SetLot, Right: found},
		{Method: fiber.MethodGet, Path: at + "/lots/:item/bids", Handle: p.Upward, Right: read},
		{Method: fiber.MethodPost, Path: at + "/lots/:item/bids", Handle: p.EnterBid, Right: sell},
		{Method: fiber.MethodGet, Path: at + "/lots/:item/hammer", Handle: p.Upward, Right: read},
		{Method: fiber.MethodPost, Path: at + "/lots/:item/hammer", Handle: p.MoveLot, Right: lead},
		{Method: fiber.MethodGet, Path: at + "/lots/:item/payment", Handle: p.Upward, Right: read},
		{Method: fiber.MethodPost, Path: at + "/lots/:item/payment", Handle: p.PayLot, Right: sell},
	}
}
