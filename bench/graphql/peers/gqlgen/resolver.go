package graph

import (
	"context"

	"github.com/vikstrous/dataloadgen"
)

type Resolver struct {
	Items []*Item
	Cards []*Card
}

type Key struct{}

func (r *Resolver) Query() QueryResolver { return &queryResolver{r} }
func (r *Resolver) Card() CardResolver   { return &cardResolver{r} }

type queryResolver struct{ *Resolver }
type cardResolver struct{ *Resolver }

func (r *queryResolver) Hello(context.Context) (string, error)  { return "Hello, World!", nil }
func (r *queryResolver) Items(context.Context) ([]*Item, error) { return r.Resolver.Items, nil }
func (r *queryResolver) Cards(context.Context) ([]*Card, error) { return r.Resolver.Cards, nil }
func (r *cardResolver) Owner(ctx context.Context, card *Card) (*Person, error) {
	return ctx.Value(Key{}).(*dataloadgen.Loader[int32, *Person]).Load(ctx, card.OwnerID)
}
