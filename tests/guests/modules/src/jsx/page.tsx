const Name = ({ children }: { children?: unknown }) => <b>{children}</b>;

export const markup = (text: string) => (
  <>
    <p class="x">
      Hello <Name>{text}</Name>!
    </p>
  </>
);
