package web

import (
	"slices"
	"strings"

	"fund/web/api"
	"fund/web/auth"
	"fund/web/desk"
	"fund/web/page"
	"fund/web/public"

	"github.com/gofiber/fiber/v2"
)

// Route is one line of the table: everything that is decided about an address before its handler runs.
type Route struct {
	Method string
	Path   string // :community in it is looked up, and 404 if there is none
	Handle fiber.Handler

	Right   string // what a user must be allowed to do; "" is for everybody
	Fresh   bool   // and must have proved who they are a moment ago
	Machine bool   // called by programs that sign their requests: no cookie, so no form token
	Limit   string // the name of a rate limit; "" has none
	BodyMax int    // bytes; 0 is BodyMax
}

// routes are ALL routes of the site, in the order in which they are tried.
func (a *App) routes() []Route {
	return append([]Route{
		{Method: fiber.MethodGet, Path: "/healthz", Handle: a.healthz},
		{Method: fiber.MethodGet, Path: "/readyz", Handle: a.readyz},
		{Method: fiber.MethodGet, Path: "/metrics", Handle: a.metrics()},
		{Method: fiber.MethodGet, Path: "/static/:hash/:name", Handle: page.ServeAsset},
		{Method: fiber.MethodGet, Path: "/favicon.ico", Handle: favicon},
	}, slices.Concat(
		lifeRoutes(a.config.Public), lifeDeskRoutes(a.config.Desk),
		publicRoutes(a.config.Public),
		pagesRoutes(a.config.Public),
		streetRoutes(a.config.Public),
		machineRoutes(a.config.API),
		logRoutes(a.config.Public), witnessRoutes(a.config.API),
		dataRoutes(a.config.Data), webhookRoutes(a.config.Desk),
		reportRoutes(a.config.Public), reportDeskRoutes(a.config.Desk),
		helpRoutes(a.config.Public),
		helpDeskRoutes(a.config.Desk),
		councilRoutes(a.config.Public),
		councilDeskRoutes(a.config.Desk),
		roundRoutes(a.config.Public), roundDeskRoutes(a.config.Desk),
		groupsRoutes(a.config.Public), groupsDeskRoutes(a.config.Desk),
		ventureRoutes(a.config.Public),
		ventureDeskRoutes(a.config.Desk),
		voiceRoutes(a.config.Public),
		promiseRoutes(a.config.Public),
		accountRoutes(a.config.Desk),
		journalRoutes(a.config.Desk),
		papersRoutes(a.config.Desk),
		proofRoutes(a.config.Public),
		booksRoutes(a.config.Desk),
		deskRoutes(a.config.Desk),
		voiceDeskRoutes(a.config.Desk),
		raisingRoutes(a.config.Desk),
		promiseDeskRoutes(a.config.Desk),
		reconcileRoutes(a.config.Desk),
		statementsRoutes(a.config.Desk),
		closeRoutes(a.config.Desk),
		packRoutes(a.config.Desk),
		witnessDeskRoutes(a.config.Desk),
		fundsRoutes(a.config.Desk),
		registerRoutes(a.config.Desk),
		saleEventRoutes(a.config.Public), saleRoutes(a.config.Desk), galaRoutes(a.config.Public), galaDeskRoutes(a.config.Desk),
		soldRoutes(a.config.Public),
		tillRoutes(a.config.Till),
		a.config.Routes,
	)...)
}

// publicRoutes are the pages of donors and residents.
func publicRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/", Handle: p.Index},

		{Method: fiber.MethodGet, Path: "/c/:community", Handle: p.Home},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger", Handle: p.Ledger},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger.csv", Handle: p.LedgerCSV, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger.journal", Handle: p.LedgerJournal, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger/:voucher", Handle: p.Entry},
		{Method: fiber.MethodGet, Path: "/c/:community/ledger/:voucher/proof.txt", Handle: p.EntryProof},
		{Method: fiber.MethodGet, Path: "/c/:community/funds/:code", Handle: p.Fund},
		{Method: fiber.MethodGet, Path: "/c/:community/projects", Handle: p.Projects},
		{Method: fiber.MethodGet, Path: "/c/:community/projects/:slug", Handle: p.Project},
		{Method: fiber.MethodGet, Path: "/c/:community/reports/statements", Handle: p.Statements},
		{Method: fiber.MethodGet, Path: "/c/:community/reports/transparency.pdf", Handle: p.TransparencyPDF, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/reports/donors.pdf", Handle: p.DonorsPDF, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/reports/latest.pdf", Handle: p.LatestPDF, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/documents/:number", Handle: p.Document},
		{Method: fiber.MethodGet, Path: "/c/:community/documents/:number/:version", Handle: p.Document},
		{Method: fiber.MethodGet, Path: "/c/:community/documents/:number/:version/document.pdf", Handle: p.DocumentPDF, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/verify", Handle: p.Verify},
		{Method: fiber.MethodPost, Path: "/c/:community/verify", Handle: p.VerifyReceipt, Limit: "verify"},
		{Method: fiber.MethodGet, Path: "/c/:community/verify/file", Handle: p.ToVerify},
		{Method: fiber.MethodPost, Path: "/c/:community/verify/file", Handle: p.VerifyFile, Limit: "verify", BodyMax: public.CheckBodyMax},

		{Method: fiber.MethodGet, Path: "/c/:community/campaigns", Handle: p.Campaigns},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug", Handle: p.Campaign},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/live", Handle: p.Live},
		{Method: fiber.MethodGet, Path: "/c/:community/pictures/:id", Handle: p.Picture},

		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/donations", Handle: p.ToForm},
		{Method: fiber.MethodPost, Path: "/c/:community/campaigns/:slug/donations", Handle: p.Donate, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/donations/:id", Handle: p.Donation},
		{Method: fiber.MethodGet, Path: "/c/:community/donations/:id/pay", Handle: p.Pay, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/donations/:id/paid", Handle: p.ToDonation},
		{Method: fiber.MethodPost, Path: "/c/:community/donations/:id/paid", Handle: p.AskPaid, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/donations/:id/renewal", Handle: p.ToDonation},
		{Method: fiber.MethodPost, Path: "/c/:community/donations/:id/renewal", Handle: p.Renew, Limit: "donate"},
		{Method: fiber.MethodGet, Path: "/c/:community/donations/:id/transfer.pdf", Handle: p.TransferPDF, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/boxes", Handle: p.Boxes},
		{Method: fiber.MethodGet, Path: "/c/:community/sandbox/pay/:order", Handle: p.SandboxOrder},
		{Method: fiber.MethodPost, Path: "/c/:community/sandbox/pay/:order", Handle: p.SandboxPay, Limit: "donate"},

		{Method: fiber.MethodGet, Path: "/c/:community/mine", Handle: p.Mine},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/receipt", Handle: p.Mine},
		{Method: fiber.MethodPost, Path: "/c/:community/mine/receipt", Handle: p.EnterByReceipt, Limit: "verify"},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/link", Handle: p.LinkAsked},
		{Method: fiber.MethodPost, Path: "/c/:community/mine/link", Handle: p.AskLink, Limit: "verify"},
		{Method: fiber.MethodPost, Path: "/c/:community/mine/letter", Handle: p.AskDonor, Limit: "verify"},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/link/:link", Handle: p.Link, Limit: "verify"},
		{Method: fiber.MethodPost, Path: "/c/:community/mine/link/:link", Handle: p.UseLink, Limit: "verify"},
		{Method: fiber.MethodPost, Path: "/c/:community/mine/leaving", Handle: p.LeaveMine},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/receipts.pdf", Handle: p.MyReceipts, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/gifts/:gift", Handle: p.MyGift},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/gifts/:gift/consent", Handle: p.ToGift},
		{Method: fiber.MethodPost, Path: "/c/:community/mine/gifts/:gift/consent", Handle: p.SetConsent},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/gifts/:gift/refund", Handle: p.ToGift},
		{Method: fiber.MethodPost, Path: "/c/:community/mine/gifts/:gift/refund", Handle: p.AskRefund},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/data", Handle: p.MyData},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/data.json", Handle: p.MyDataFile},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/data/name", Handle: p.ToData},
		{Method: fiber.MethodPost, Path: "/c/:community/mine/data/name", Handle: p.Rename},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/data/address", Handle: p.ToData},
		{Method: fiber.MethodPost, Path: "/c/:community/mine/data/address", Handle: p.ChangeAddress, Limit: "verify"},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/erasure", Handle: p.Erasure},
		{Method: fiber.MethodPost, Path: "/c/:community/mine/erasure", Handle: p.Erase},
		{Method: fiber.MethodGet, Path: "/c/:community/mine/erased", Handle: p.Erased},

		{Method: fiber.MethodGet, Path: "/r/:token", Handle: p.Receipt},
		{Method: fiber.MethodGet, Path: "/r/:token/receipt.pdf", Handle: p.ReceiptPDF},
		{Method: fiber.MethodGet, Path: "/r/:token/proof.txt", Handle: p.ProofText},
		{Method: fiber.MethodGet, Path: "/r/:token/proof.json", Handle: p.ProofJSON},
	}
}

// streetRoutes are what carries a campaign to where people are: posters, screens, chats, other websites, feed readers.
func streetRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/g/:community/:number", Handle: p.Short},
		{Method: fiber.MethodGet, Path: "/c/:community/screen", Handle: p.Screen},
		{Method: fiber.MethodGet, Path: "/c/:community/feed.atom", Handle: p.Feed, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/card/:page/:name", Handle: p.PageCard, Limit: "picture"},
		{Method: fiber.MethodGet, Path: "/c/:community/projects/:slug/card/:name", Handle: p.ProjectCard, Limit: "picture"},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/card/:name", Handle: p.CampaignCard, Limit: "picture"},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/feed.atom", Handle: p.CampaignFeed, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/poster.pdf", Handle: p.Poster, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/share", Handle: p.Share},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/widget.html", Handle: p.Widget},
	}
}

// machineRoutes are called by programs.
func machineRoutes(e *api.Endpoints) []Route {
	if e == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodPost, Path: "/c/:community/pay/:provider/notify", Handle: e.Notify, Machine: true},
	}
}

// accountRoutes let staff in, and let them see to their own account.
func accountRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/login", Handle: p.LogInForm},
		{Method: fiber.MethodPost, Path: "/login", Handle: p.LogIn, Limit: "login"},
		{Method: fiber.MethodGet, Path: "/login/reset", Handle: p.AskResetForm},
		{Method: fiber.MethodPost, Path: "/login/reset", Handle: p.AskReset, Limit: "login"},
		{Method: fiber.MethodGet, Path: "/login/reset/:token", Handle: p.ResetForm},
		{Method: fiber.MethodPost, Path: "/login/reset/:token", Handle: p.ResetPassword, Limit: "login"},
		{Method: fiber.MethodPost, Path: "/logout", Handle: p.LogOut},

		{Method: fiber.MethodGet, Path: "/account", Handle: p.Own, Right: right(auth.Oneself)},
		{Method: fiber.MethodGet, Path: "/account/password", Handle: p.PasswordForm, Right: right(auth.Oneself)},
		{Method: fiber.MethodPost, Path: "/account/password", Handle: p.ChangePassword, Right: right(auth.Oneself), Limit: "login"},
		{Method: fiber.MethodGet, Path: "/account/device", Handle: p.DeviceForm, Right: right(auth.Oneself)},
		{Method: fiber.MethodPost, Path: "/account/device", Handle: p.ConfirmDevice, Right: right(auth.Oneself), Limit: "login"},
		{Method: fiber.MethodGet, Path: "/account/confirmation", Handle: p.ConfirmForm, Right: right(auth.Oneself)},
		{Method: fiber.MethodPost, Path: "/account/confirmation", Handle: p.Confirm, Right: right(auth.Oneself), Limit: "login"},
		{Method: fiber.MethodGet, Path: "/account/sessions", Handle: p.Sessions, Right: right(auth.Oneself)},
		{Method: fiber.MethodPost, Path: "/account/sessions", Handle: p.EndOtherSessions, Right: right(auth.Oneself)},
		{Method: fiber.MethodPost, Path: "/account/sessions/:session", Handle: p.EndSession, Right: right(auth.Oneself)},
	}
}

// booksRoutes are the staff's pages about the books and the people.
func booksRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk", Handle: p.Dashboard, Right: right(auth.ReadDesk)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal", Handle: p.Journal, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal", Handle: p.PostEntry, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/new", Handle: p.NewEntry, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/:voucher", Handle: p.Entry, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/:voucher/reversal", Handle: p.ToEntry, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal/:voucher/reversal", Handle: p.Reverse, Right: right(auth.PostEntry)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/journal/:voucher/evidence", Handle: p.ToEntry, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal/:voucher/evidence", Handle: p.AddEvidence, Right: right(auth.PostEntry), BodyMax: desk.PictureBodyMax},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/journal/:voucher/evidence/:picture", Handle: p.WithdrawEvidence, Right: right(auth.PostEntry)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/accounts", Handle: p.Accounts, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/accounts", Handle: p.AddAccount, Right: right(auth.ManageAccounts)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/accounts/:account", Handle: p.Account, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/accounts/:account", Handle: p.RenameAccount, Right: right(auth.ManageAccounts)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/accounts/:account/closure", Handle: p.CloseAccount, Right: right(auth.ManageAccounts)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/accounts/:account/reopening", Handle: p.ReopenAccount, Right: right(auth.ManageAccounts)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/funds", Handle: p.Funds, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/funds", Handle: p.AddFund, Right: right(auth.ManageAccounts)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/funds/:fund", Handle: p.Fund, Right: right(auth.ManageAccounts)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/funds/:fund", Handle: p.RenameFund, Right: right(auth.ManageAccounts)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/funds/:fund/closure", Handle: p.ToFund, Right: right(auth.ManageAccounts)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/funds/:fund/closure", Handle: p.CloseFund, Right: right(auth.ManageAccounts)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/funds/:fund/reopening", Handle: p.ReopenFund, Right: right(auth.ManageAccounts)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/people", Handle: p.People, Right: right(auth.ManagePeople)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/people", Handle: p.AddPerson, Right: right(auth.ManagePeople), Fresh: true},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/people/new", Handle: p.NewPerson, Right: right(auth.ManagePeople), Fresh: true},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/people/:user", Handle: p.Person, Right: right(auth.ManagePeople), Fresh: true},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/people/:user/roles", Handle: p.ToPerson, Right: right(auth.ManagePeople)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/people/:user/roles", Handle: p.SetRoles, Right: right(auth.ManagePeople), Fresh: true},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/people/:user/password", Handle: p.ToPerson, Right: right(auth.ManagePeople)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/people/:user/password", Handle: p.GivePassword, Right: right(auth.ManagePeople), Fresh: true},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/people/:user/device", Handle: p.ForgetDevice, Right: right(auth.ManagePeople), Fresh: true},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/people/:user/exclusion", Handle: p.DisablePerson, Right: right(auth.ManagePeople), Fresh: true},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/people/:user/readmission", Handle: p.EnablePerson, Right: right(auth.ManagePeople), Fresh: true},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/audit", Handle: p.AuditLog, Right: right(auth.ReadAudit)},
	}
}

// deskRoutes are the staff's pages about campaigns and donations.
func deskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/campaigns", Handle: p.Campaigns, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/campaigns/new", Handle: p.NewCampaign, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/campaigns/new", Handle: p.DraftCampaign, Right: right(auth.ManageCampaign), BodyMax: campaignBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/campaigns/:campaign", Handle: p.Campaign, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/campaigns/:campaign/edit", Handle: p.EditCampaign, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/campaigns/:campaign/edit", Handle: p.SaveCampaign, Right: right(auth.ManageCampaign), BodyMax: campaignBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/campaigns/:campaign/picture", Handle: p.ToCampaign, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/campaigns/:campaign/picture", Handle: p.SetPicture, Right: right(auth.ManageCampaign), BodyMax: desk.PictureBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/campaigns/:campaign/publication", Handle: p.ToCampaign, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/campaigns/:campaign/publication", Handle: p.PublishCampaign, Right: right(auth.PublishCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/campaigns/:campaign/closure", Handle: p.CloseCampaign, Right: right(auth.PublishCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/hosts", Handle: p.Hosts, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/hosts", Handle: p.AddHost, Right: right(auth.ManageCommunity)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/hosts/:host", Handle: p.Host, Right: right(auth.ManageCommunity)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/hosts/:host", Handle: p.RenewCertificate, Right: right(auth.ManageCommunity)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/disclosure", Handle: p.Disclosure, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/disclosure", Handle: p.NoteEvent, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/disclosure/feed", Handle: p.ToDisclosure, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/disclosure/feed", Handle: p.MakeFeed, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/disclosure/:duty", Handle: p.Draft, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/disclosure/:duty", Handle: p.SaveDraft, Right: right(auth.ManageCampaign), BodyMax: campaignBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/disclosure/:duty/draft.pdf", Handle: p.DraftPDF, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/disclosure/:duty/publication", Handle: p.ToDraft, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/disclosure/:duty/publication", Handle: p.PublishReport, Right: right(auth.PublishCampaign), BodyMax: campaignBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/calendar/:token", Handle: p.Feed, Limit: "download"},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/cash", Handle: p.Cash, Right: right(auth.EnterCash)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/cash", Handle: p.EnterCash, Right: right(auth.EnterCash)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/cash/:donation", Handle: p.CashDone, Right: right(auth.EnterCash)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/donations", Handle: p.Donations, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/donations/:donation", Handle: p.Donation, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/donations/:donation", Handle: p.RefundDonation, Right: right(auth.RefundDonation)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/refund-requests", Handle: p.RefundRequests, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/refund-requests/:request", Handle: p.ToRequests, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/refund-requests/:request", Handle: p.AnswerRequest, Right: right(auth.RefundDonation)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/awaited", Handle: p.Awaited, Right: right(auth.EnterCash)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/awaited", Handle: p.TakeAwaited, Right: right(auth.EnterCash)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/refunds", Handle: p.Refunds, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/refunds", Handle: p.GiveBack, Right: right(auth.RefundDonation)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/boxes", Handle: p.Boxes, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/boxes/new", Handle: p.NewBox, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/boxes/new", Handle: p.PlaceBox, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/boxes/:box", Handle: p.Box, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/boxes/:box", Handle: p.MoveBox, Right: right(auth.EnterCash)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/boxes/:box/count", Handle: p.CountBox, Right: right(auth.EnterCash)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/boxes/:box/count", Handle: p.EnterCount, Right: right(auth.EnterCash)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/boxes/:box/rounds/:round", Handle: p.BoxRecord, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/boxes/:box/rounds/:round/record.pdf", Handle: p.BoxRecordPDF, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/deposits", Handle: p.Deposits, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/deposits", Handle: p.BankCash, Right: right(auth.EnterCash)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/deposits/:deposit", Handle: p.DepositArrived, Right: right(auth.Reconcile)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/quarantine", Handle: p.Quarantine, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/quarantine", Handle: p.DecideQuarantine, Right: right(auth.Reconcile)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/mail", Handle: p.Mail, Right: right(auth.ReadAudit)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/mail", Handle: p.SetReplyTo, Right: right(auth.ManageCommunity)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/mail/:letter", Handle: p.Letter, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/mail/:letter/page", Handle: p.LetterPage, Right: right(auth.ReadDonors)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/outbox", Handle: p.Outbox, Right: right(auth.ReadBooks)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/outbox", Handle: p.RetryMessage, Right: right(auth.Reconcile)},
	}
}

// campaignBodyMax is for two stories of some thousand characters, and the budget.
const campaignBodyMax = 256 << 10

// right names a permission as the table does.
func right(p auth.Permission) string { return string(p) }

// Table is every route, for the test that walks all of them with every role.
func (a *App) Table() []Route { return a.routes() }

// missing is the end of the table: within a community the page keeps its name.
func (a *App) missing(c *fiber.Ctx) error {
	if slug, within := strings.CutPrefix(c.Path(), "/c/"); within {
		slug, _, _ = strings.Cut(slug, "/")
		if found, err := a.communities.get(c.UserContext(), slug); err == nil {
			page.Of(c).Community = &found
		}
	}
	return page.ErrNotFound
}

// hang puts a route into the app, behind the checks its line asks for, from the cheapest to the dearest.
func (a *App) hang(r Route) {
	var chain []fiber.Handler
	if strings.Contains(r.Path, ":community") {
		chain = append(chain, a.community)
	}
	limit := func(c *fiber.Ctx) error { return next(c, a.config.Limit(c, r.Limit)) }
	limited := r.Limit != "" && a.config.Limit != nil
	if limited && r.Right == "" {
		chain = append(chain, limit)
	}
	if !r.Machine {
		chain = append(chain, a.signedIn)
	}
	if r.Right != "" { // before the body: nobody's upload is read who may not upload
		chain = append(chain, func(c *fiber.Ctx) error { return next(c, a.allow(c, r.Right)) })
	}
	if limited && r.Right != "" { // after the right: who has none hears that, and uses up nobody's turns
		chain = append(chain, limit)
	}
	if r.Method != fiber.MethodGet {
		chain = append(chain, takeBody(r.BodyMax))
		if !r.Machine {
			chain = append(chain, a.Pages.Guard)
		}
	}
	if r.Fresh {
		chain = append(chain, func(c *fiber.Ctx) error { return next(c, a.fresh(c)) })
	}
	if r.Machine {
		a.machines[r.Path] = true
	}
	a.Fiber.Add(r.Method, r.Path, append(chain, r.Handle)...)
	if r.Method == fiber.MethodGet {
		a.Fiber.Head(r.Path, append(chain, r.Handle)...)
	}
}

func next(c *fiber.Ctx, err error) error {
	if err != nil {
		return err
	}
	return c.Next()
}

func favicon(c *fiber.Ctx) error {
	return c.Redirect(page.Asset("favicon.svg"), fiber.StatusMovedPermanently)
}
