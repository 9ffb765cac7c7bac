// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parses a generated document of several megabytes as a tree and in chunks,
// queries it with XPath, edits it, serializes it and parses the result again.
// Prints counts and hashes, so that two runs can be compared.

#include <libxml/HTMLparser.h>
#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlschemas.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(int Claim, const char *What) {
  if (Claim)
    return;
  printf("failed: %s\n", What);
  exit(1);
}

static unsigned long long hash(const unsigned char *Bytes, size_t Size) {
  unsigned long long Hash = 0xcbf29ce484222325;
  for (size_t I = 0; I < Size; ++I)
    Hash = (Hash ^ Bytes[I]) * 0x100000001b3;
  return Hash;
}

// A growing text buffer: the input is made here, so that it needs no file.
struct text {
  char *Bytes;
  size_t Size, Capacity;
};

static void append(struct text *Text, const char *Format, ...) {
  va_list Arguments;
  if (Text->Capacity - Text->Size < 1024) {
    Text->Capacity = Text->Capacity * 2 + 4096;
    Text->Bytes = realloc(Text->Bytes, Text->Capacity);
    require(Text->Bytes != NULL, "memory for the input");
  }
  va_start(Arguments, Format);
  Text->Size += vsnprintf(Text->Bytes + Text->Size, 1024, Format, Arguments);
  va_end(Arguments);
}

static struct text generate(int Books) {
  static const char *const Topics[] = {"garden", "sea", "clock", "winter",
                                       "r&amp;d", "caf\xc3\xa9", "&shop;"};
  struct text Text = {NULL, 0, 0};
  append(&Text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<!DOCTYPE library [<!ENTITY shop \"corner shop\">\n"
                "<!ATTLIST book id ID #REQUIRED lang CDATA \"en\">]>\n"
                "<library xmlns:x=\"urn:extra\">\n");
  for (int I = 0; I < Books; ++I) {
    append(&Text, "  <book id=\"b%d\" year=\"%d\" x:shelf=\"%c%d\">\n", I,
           1900 + I * 7919 % 120, 'A' + I % 26, I % 40);
    append(&Text, "    <title>The %s and the %s, part %d</title>\n",
           Topics[I % 7], Topics[I * 3 % 5], I);
    for (int Author = 0; Author <= I % 3; ++Author)
      append(&Text, "    <author born=\"%d\">Name %d</author>\n",
             1850 + I * 31 % 140, I * 17 % 4999 + Author);
    if (I % 5 == 0)
      append(&Text, "    <!-- lent %d times --><?shelf keep-%d?>\n", I % 9, I);
    append(&Text, "    <price>%d.%02d</price><![CDATA[<%d & more>]]>\n",
           3 + I % 60, I * 13 % 100, I);
    append(&Text, "  </book>\n");
  }
  append(&Text, "</library>\n");
  return Text;
}

static void printQuery(xmlDocPtr Document, const char *Query) {
  xmlXPathContextPtr Context = xmlXPathNewContext(Document);
  xmlXPathRegisterNs(Context, BAD_CAST "x", BAD_CAST "urn:extra");
  xmlXPathObjectPtr Result = xmlXPathEvalExpression(BAD_CAST Query, Context);
  require(Result != NULL, Query);
  if (Result->type == XPATH_NODESET) {
    xmlNodeSetPtr Nodes = Result->nodesetval;
    int Count = Nodes ? Nodes->nodeNr : 0;
    unsigned long long Hash = 0;
    for (int I = 0; I < Count; ++I) {
      xmlChar *Content = xmlNodeGetContent(Nodes->nodeTab[I]);
      Hash = Hash * 31 + hash(Content, strlen((char *)Content));
      xmlFree(Content);
    }
    printf("%s: %d nodes, %016llx\n", Query, Count, Hash);
  } else {
    xmlChar *Value = xmlXPathCastToString(Result);
    printf("%s: %s\n", Query, Value);
    xmlFree(Value);
  }
  xmlXPathFreeObject(Result);
  xmlXPathFreeContext(Context);
}

static void printQueries(xmlDocPtr Document) {
  static const char *const Queries[] = {
      "count(//book)",
      "//book[@year > 2000 and author/@born < 1900]/title",
      "//book[count(author) = 3][position() mod 7 = 0]/price",
      "sum(//price)",
      "string(//book[@id = 'b77']/title)",
      "//title[contains(., 'winter') and starts-with(., 'The sea')]",
      "//@x:shelf[. = 'C2']",
      "id('b5 b50 b500')/author[last()]",
      "//comment()[contains(., '7')] | //processing-instruction('shelf')",
      "normalize-space(//book[12])",
      "concat(translate((//title)[3], 'abc', 'ABC'), '-', string-length((//title)[9]))",
      "//book[preceding-sibling::book[1]/@year > @year][position() < 200]/@id",
  };
  for (size_t I = 0; I < sizeof(Queries) / sizeof(*Queries); ++I)
    printQuery(Document, Queries[I]);
}

// Every seventh book loses its authors, every fifth gets a note and moves to
// the end, every third changes its year.
static void edit(xmlDocPtr Document) {
  xmlNodePtr Root = xmlDocGetRootElement(Document), Next;
  int Index = 0;
  int Last = (int)xmlChildElementCount(Root);
  for (xmlNodePtr Book = xmlFirstElementChild(Root); Book && Index < Last;
       Book = Next, ++Index) {
    Next = xmlNextElementSibling(Book);
    if (Index % 7 == 0)
      for (xmlNodePtr Child = Book->children, After; Child; Child = After) {
        After = Child->next;
        if (!xmlStrEqual(Child->name, BAD_CAST "author"))
          continue;
        xmlUnlinkNode(Child);
        xmlFreeNode(Child);
      }
    if (Index % 3 == 0)
      xmlSetProp(Book, BAD_CAST "year", BAD_CAST "1999");
    if (Index % 5)
      continue;
    xmlNewTextChild(Book, NULL, BAD_CAST "note", BAD_CAST "moved <here> & now");
    xmlNodePtr Copy = xmlDocCopyNode(Book, Document, 1);
    xmlUnsetProp(Copy, BAD_CAST "id");
    xmlUnlinkNode(Book);
    xmlFreeNode(Book);
    xmlAddChild(Root, Copy);
  }
}

static void printSerialized(xmlDocPtr Document, const char *What, int Format) {
  xmlChar *Bytes = NULL;
  int Size = 0;
  xmlDocDumpFormatMemory(Document, &Bytes, &Size, Format);
  require(Bytes != NULL, What);
  printf("%s: %d bytes, %016llx\n", What, Size, hash(Bytes, Size));
  xmlDocPtr Again = xmlReadMemory((char *)Bytes, Size, "again.xml", NULL, 0);
  require(Again != NULL, "parse the serialized document");
  xmlFree(Bytes);
  Size = xmlC14NDocDumpMemory(Again, NULL, 0, NULL, 1, &Bytes);
  printf("%s, canonical: %d bytes, %016llx\n", What, Size, hash(Bytes, Size));
  xmlFree(Bytes);
  xmlFreeDoc(Again);
}

static void parseInChunks(const struct text *Text) {
  xmlParserCtxtPtr Parser =
      xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, "chunks.xml");
  for (size_t Done = 0, Chunk = 1; Done < Text->Size; Done += Chunk) {
    Chunk = Chunk * 5 % 8191 + 1;
    if (Chunk > Text->Size - Done)
      Chunk = Text->Size - Done;
    xmlParseChunk(Parser, Text->Bytes + Done, (int)Chunk, 0);
  }
  xmlParseChunk(Parser, NULL, 0, 1);
  printf("chunks: well-formed %d\n", Parser->wellFormed);
  printQuery(Parser->myDoc, "count(//node())");
  xmlFreeDoc(Parser->myDoc);
  xmlFreeParserCtxt(Parser);
}

static void ignoreMessage(void *Context, const char *Message, ...) {}

static void validate(xmlDocPtr Document) {
  static const char Schema[] =
      "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
      "<xs:element name='library'><xs:complexType><xs:sequence>"
      "<xs:element name='book' maxOccurs='unbounded'>"
      "<xs:complexType mixed='true'><xs:sequence>"
      "<xs:element name='title' type='xs:string'/>"
      "<xs:element name='author' minOccurs='0' maxOccurs='3'/>"
      "<xs:element name='price'><xs:simpleType>"
      "<xs:restriction base='xs:decimal'><xs:maxInclusive value='61'/>"
      "<xs:fractionDigits value='2'/></xs:restriction>"
      "</xs:simpleType></xs:element></xs:sequence>"
      "<xs:anyAttribute processContents='skip'/></xs:complexType>"
      "</xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>";
  xmlSchemaParserCtxtPtr Parser =
      xmlSchemaNewMemParserCtxt(Schema, sizeof(Schema) - 1);
  xmlSchemaPtr Compiled = xmlSchemaParse(Parser);
  require(Compiled != NULL, "compile the schema");
  xmlSchemaValidCtxtPtr Context = xmlSchemaNewValidCtxt(Compiled);
  xmlSchemaSetValidErrors(Context, ignoreMessage, ignoreMessage, NULL);
  printf("schema: %d\n", xmlSchemaValidateDoc(Context, Document));
  xmlSchemaFreeValidCtxt(Context);
  xmlSchemaFree(Compiled);
  xmlSchemaFreeParserCtxt(Parser);
}

static void parseHtml(void) {
  static const char Page[] =
      "<title>t</title><p>one<p>two <b>bold<i>both</b>italic</i><br>"
      "<table><tr><td>a<td>b&eacute;<tr><td colspan=2>c</table><ul><li>x<li>y";
  for (int I = 0; I < 300; ++I) {
    htmlDocPtr Document = htmlReadMemory(
        Page, sizeof(Page) - 1 - I % 60, "page.html", NULL,
        HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    require(Document != NULL, "parse the page");
    if (I % 100 == 0)
      printQuery(Document, "count(//text())");
    xmlFreeDoc(Document);
  }
}

// Argument: how many books; default 12000.
int main(int Count, char **Arguments) {
  struct text Text = generate(Count > 1 ? atoi(Arguments[1]) : 12000);
  printf("input: %zu bytes, %016llx\n", Text.Size,
         hash((unsigned char *)Text.Bytes, Text.Size));
  xmlDocPtr Document = xmlReadMemory(Text.Bytes, (int)Text.Size, "input.xml",
                                     NULL, XML_PARSE_NOENT | XML_PARSE_DTDATTR);
  require(Document != NULL, "parse the input");
  printQueries(Document);
  validate(Document);
  printSerialized(Document, "as read", 0);
  edit(Document);
  validate(Document);
  printQueries(Document);
  printSerialized(Document, "edited", 1);
  xmlFreeDoc(Document);
  parseInChunks(&Text);
  parseHtml();
  free(Text.Bytes);
  xmlCleanupParser();
  return 0;
}
