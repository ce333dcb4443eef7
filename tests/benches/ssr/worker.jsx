// A page of 10 KiB, rendered on the server with Hono's JSX: a layout, components, a list and conditional parts.
import { Hono } from "hono";

const app = new Hono();
const products = Array.from({ length: 31 }, (_, index) => ({
  id: index + 1,
  name: `Field recorder ${String.fromCharCode(65 + (index % 26))}${index * 7}`,
  price_cents: 4_900 + index * 1_337,
  stock: (index * 5) % 9,
  tags: ["audio", index % 2 ? "outdoor" : "studio", index % 3 ? "battery" : "mains"],
}));

const Layout = ({ title, children }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      <link rel="stylesheet" href="/style.css" />
    </head>
    <body>
      <header class="top">
        <h1>{title}</h1>
        <nav>
          {["Products", "Orders", "Help & contact"].map((name) => (
            <a href={`/${name.toLowerCase().split(" ")[0]}`}>{name}</a>
          ))}
        </nav>
      </header>
      <main>{children}</main>
      <footer>Prices include VAT.</footer>
    </body>
  </html>
);

const Product = ({ product }) => (
  <li id={`product-${product.id}`} class={product.stock > 0 ? "product" : "product sold-out"}>
    <h2>
      <a href={`/products/${product.id}`}>{product.name}</a>
    </h2>
    <p class="price">{`${(product.price_cents / 100).toFixed(2)} €`}</p>
    {product.stock > 0 ? <p class="stock">{product.stock} in stock</p> : <p class="stock">sold out, "back soon"</p>}
    <ul class="tags">
      {product.tags.map((tag) => (
        <li class="tag">{tag}</li>
      ))}
    </ul>
    <button type="button" data-id={product.id} disabled={product.stock === 0}>
      Add to cart
    </button>
  </li>
);

app.get("*", (context) =>
  context.html(
    <Layout title="Catalogue">
      <p>{products.length} products</p>
      <ul class="products">
        {products.map((product) => (
          <Product product={product} />
        ))}
      </ul>
    </Layout>,
  ),
);

// Nothing else of the app: an object that is only `{ fetch }` is a worker for every server.
export default { fetch: (request, env, context) => app.fetch(request, env, context) };
