package web

import (
	"github.com/gofiber/fiber/v2"

	"fund/web/auth"
	"fund/web/desk"
	"fund/web/public"
)

// voiceRoutes are where residents, givers and campaigners speak, and the previews of what they wrote.
func voiceRoutes(p *public.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/start", Handle: p.StartForm},
		{Method: fiber.MethodPost, Path: "/c/:community/start", Handle: p.StartProposal, Limit: "start"},
		{Method: fiber.MethodGet, Path: "/c/:community/start/:token", Handle: p.Proposal, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/start/:token/submission", Handle: p.SubmitProposal, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/start/:token/withdrawal", Handle: p.WithdrawProposal, Limit: "token"},
		{Method: fiber.MethodGet, Path: "/c/:community/start/:token/preview", Handle: p.PreviewProposal, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/start/:token/photos", Handle: p.AddProposalPhoto, Limit: "upload", BodyMax: desk.PictureBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/start/:token/photos/:picture", Handle: p.ProposalPhoto},
		{Method: fiber.MethodPost, Path: "/c/:community/start/:token/photos/:picture", Handle: p.ChangeProposalPhoto, Limit: "token"},
		{Method: fiber.MethodGet, Path: "/c/:community/start/:token/:part", Handle: p.ProposalPart, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/start/:token/:part", Handle: p.SaveProposalPart, Limit: "token"},

		{Method: fiber.MethodGet, Path: "/c/:community/start/:token/posts/new", Handle: p.NewOwnPost, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/start/:token/posts/new", Handle: p.WriteOwnPost, Limit: "token"},
		{Method: fiber.MethodGet, Path: "/c/:community/start/:token/posts/:post", Handle: p.OwnPost, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/start/:token/posts/:post", Handle: p.SaveOwnPost, Limit: "token"},
		{Method: fiber.MethodGet, Path: "/c/:community/start/:token/posts/:post/photos", Handle: p.OwnPost, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/start/:token/posts/:post/photos", Handle: p.AddOwnPhoto, Limit: "upload", BodyMax: desk.PictureBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/start/:token/posts/:post/photos/:picture", Handle: p.OwnPhoto},
		{Method: fiber.MethodPost, Path: "/c/:community/start/:token/posts/:post/photos/:picture", Handle: p.ChangeOwnPhoto, Limit: "token"},
		{Method: fiber.MethodGet, Path: "/c/:community/start/:token/questions/:question", Handle: p.OwnAnswer, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/start/:token/questions/:question", Handle: p.AnswerOwn, Limit: "token"},

		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/updates", Handle: p.Updates},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/updates/:update", Handle: p.Update},
		{Method: fiber.MethodGet, Path: "/c/:community/campaigns/:slug/questions", Handle: p.ToQuestions},
		{Method: fiber.MethodPost, Path: "/c/:community/campaigns/:slug/questions", Handle: p.Ask, Limit: "ask"},
		{Method: fiber.MethodGet, Path: "/c/:community/letters/:token", Handle: p.Unfollowing, Limit: "token"},
		{Method: fiber.MethodPost, Path: "/c/:community/letters/:token", Handle: p.Unfollow, Limit: "token", Machine: true},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/proposals/:proposal/preview", Handle: p.ReviewPreview, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/proposals/:proposal/photos/:picture", Handle: p.ReviewPhoto, Right: right(auth.ManageCampaign)},
	}
}

// voiceDeskRoutes are where the staff decide and answer.
func voiceDeskRoutes(p *desk.Pages) []Route {
	if p == nil {
		return nil
	}
	return []Route{
		{Method: fiber.MethodGet, Path: "/c/:community/desk/proposals", Handle: p.Proposals, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/proposals/:proposal", Handle: p.Proposal, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/proposals/:proposal", Handle: p.DecideProposal, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/proposals/:proposal/address", Handle: p.RenewAddress, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/proposals/:proposal/erasure", Handle: p.EraseContact, Right: right(auth.ManageCampaign)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/questions", Handle: p.Questions, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/questions", Handle: p.SetAnswerDays, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/questions/:question", Handle: p.Question, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/questions/:question", Handle: p.AnswerQuestion, Right: right(auth.ManageCampaign)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/updates", Handle: p.Posts, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/updates/:post", Handle: p.Post, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/updates/:post", Handle: p.SavePost, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/updates/:post/photos", Handle: p.Post, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/updates/:post/photos", Handle: p.AddPostPhoto, Right: right(auth.ManageCampaign), BodyMax: desk.PictureBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/updates/:post/photos/:picture", Handle: p.PostPhoto, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/updates/:post/photos/:picture", Handle: p.ChangePostPhoto, Right: right(auth.ManageCampaign)},

		{Method: fiber.MethodGet, Path: "/c/:community/desk/campaigns/:campaign/updates", Handle: p.CampaignPosts, Right: right(auth.ReadDesk)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/campaigns/:campaign/updates/new", Handle: p.NewPost, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/campaigns/:campaign/updates/new", Handle: p.WritePost, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/campaigns/:campaign/photos", Handle: p.Gallery, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/campaigns/:campaign/photos", Handle: p.AddGalleryPhoto, Right: right(auth.ManageCampaign), BodyMax: desk.PictureBodyMax},
		{Method: fiber.MethodGet, Path: "/c/:community/desk/campaigns/:campaign/photos/:picture", Handle: p.GalleryPhoto, Right: right(auth.ManageCampaign)},
		{Method: fiber.MethodPost, Path: "/c/:community/desk/campaigns/:campaign/photos/:picture", Handle: p.ChangeGalleryPhoto, Right: right(auth.ManageCampaign)},
	}
}
