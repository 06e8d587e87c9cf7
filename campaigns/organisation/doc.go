// Package organisation keeps the community's social organisations (社会组织) and
// residents' groups (居民小组): who they are, how many they are, what they did
// and whom they served.
//
// A social organisation has agreements of a small subsidy and paid services:
// a Session delivered is billed by an Invoice, its Payment is income of the
// agreement's fund, and a Release takes as much of the subsidy as was delivered,
// never more than the agreement says. A group earns points by a Rule that has
// versions; points open small grants, each posted once and its points spent
// once. The database refuses the rest, whoever asks.
//
// The package never keeps who the members are: members are counts. It keeps one
// contact, for the staff alone, until they ask to be forgotten.
//
//	choir, err := organisation.Add(ctx, tx, c, organisation.Organisation{
//		Kind: organisation.Group, Slug: "choir", NameZH: "合唱队", Theme: project.Neighbours, EnteredBy: "lead", EnteredAt: now,
//	})
//	_, err = organisation.RecordActivities(ctx, tx, c.ID, organisation.Activity{
//		OrganisationID: choir.ID, HeldOn: day, WhatZH: "练歌", People: 32, EnteredBy: "lead", EnteredAt: now,
//	})
package organisation
