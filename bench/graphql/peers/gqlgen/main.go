// The schema in gqlgen: PORT as argument, with DATABASE_URL set.
package main

import (
	"bench/graph"
	"context"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vikstrous/dataloadgen"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	config := must(pgxpool.ParseConfig(os.Getenv("DATABASE_URL")))
	config.MaxConns = 8
	pool := must(pgxpool.NewWithConfig(context.Background(), config))

	resolver := &graph.Resolver{}
	for n := 1; n <= 100; n++ {
		number := strconv.Itoa(1000 + n)
		item := &graph.Item{ID: "item-" + number, Sku: "ABC-" + number, Name: "A thing that is sold as number " + number,
			Description: `It is made of "wood", and lasts for years.`, Quantity: int32(3 * n), Price: 9.5 + float64(n), IsAvailable: n%2 == 0,
			Color: []graph.Color{graph.ColorRed, graph.ColorGreen, graph.ColorBlue}[n%3], Labels: []string{"new", "sale", "wood"}}
		if n%4 != 0 {
			rating := float64(n) / 8
			item.Rating = &rating
		}
		resolver.Items = append(resolver.Items, item)
	}
	for n := 1; n <= 50; n++ {
		number := strconv.Itoa(n)
		resolver.Cards = append(resolver.Cards, &graph.Card{ID: "card-" + number, Title: "Card number " + number, OwnerID: int32(1 + n%25)})
	}

	load := func(ctx context.Context, ids []int32) ([]*graph.Person, []error) {
		rows, err := pool.Query(ctx, "select id, name, email from people where id = any($1)", ids)
		if err != nil {
			return nil, []error{err}
		}
		defer rows.Close()
		byID := make(map[int32]*graph.Person, len(ids))
		for rows.Next() {
			person := &graph.Person{}
			if err := rows.Scan(&person.ID, &person.Name, &person.Email); err != nil {
				return nil, []error{err}
			}
			byID[person.ID] = person
		}
		if err := rows.Err(); err != nil {
			return nil, []error{err}
		}
		people := make([]*graph.Person, len(ids))
		for at, id := range ids {
			people[at] = byID[id]
		}
		return people, nil
	}

	server := handler.New(graph.NewExecutableSchema(graph.Config{Resolvers: resolver}))
	server.AddTransport(transport.POST{})
	server.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	http.HandleFunc("/graphql", func(w http.ResponseWriter, r *http.Request) {
		people := dataloadgen.NewLoader(load, dataloadgen.WithWait(time.Millisecond))
		server.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), graph.Key{}, people)))
	})
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
