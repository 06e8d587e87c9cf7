-- +goose Up

-- Whoever is forgotten takes what they said about an engagement with them: thanks, and why not.
GRANT UPDATE (note) ON mutualaid.step TO fund_app;
